-- One row per as-of date and score object: whether it is small, by potential and by revenue, and how it buys (METHOD 1.11).
with

small_customers as (
    select * from {{ ref('int_effort__small_customers') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

effort as (
    select * from {{ ref('int_effort__parent') }}
),

purchases as (
    select * from {{ ref('int_effort__purchases') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        small_customers.as_of_date,
        small_customers.ultimate_parent_id,
        small_customers.relationship_type,
        -- the threshold, one for all
        small_customers.standard_field_service_cost,
        small_customers.portfolio_contribution_2_ratio,
        {{ ratio('small_customers.target_contribution_3_ratio') }} as target_contribution_3_ratio,
        small_customers.threshold_revenue,
        -- the customer against it
        contributions.net_revenue,
        {{ money('potential.potential_revenue') }} as potential_revenue,
        small_customers.is_small_customer,
        small_customers.is_small_by_revenue,
        small_customers.is_hidden_champion,
        -- how it buys
        case when contributions.net_revenue is not null then purchases.invoices end as invoices,
        {{ money(exact_div('contributions.net_revenue', 'purchases.invoices', 2)) }} as average_invoice_amount,
        case when contributions.net_revenue is not null then purchases.product_groups_bought end as product_groups_bought,
        purchases.largest_product_group,
        purchases.largest_product_group_ratio,
        purchases.orders_in_window,
        purchases.field_orders,
        purchases.inside_orders,
        purchases.web_orders,
        purchases.edi_orders,
        contributions.sales_cost,
        -- Without any logged activity the cost of selling is unknown, not 0.
        case
            when effort.is_logged then {{ money(exact_div('contributions.sales_cost', 'purchases.orders_in_window', 2)) }}
        end as cost_per_order,
        {{ portfolio_key('small_customers') }} as portfolio_key,
        {{ is_latest('small_customers') }} as is_latest,
        parameters.method_version
    from small_customers
    inner join contributions
        on
            small_customers.as_of_date = contributions.as_of_date
            and small_customers.ultimate_parent_id = contributions.ultimate_parent_id
    inner join potential
        on
            small_customers.as_of_date = potential.as_of_date
            and small_customers.ultimate_parent_id = potential.ultimate_parent_id
    inner join effort
        on
            small_customers.as_of_date = effort.as_of_date
            and small_customers.ultimate_parent_id = effort.ultimate_parent_id
    inner join purchases
        on
            small_customers.as_of_date = purchases.as_of_date
            and small_customers.ultimate_parent_id = purchases.ultimate_parent_id
    cross join parameters
)

select * from final
