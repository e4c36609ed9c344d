-- One row per as-of date and scored parent: how it buys in the 12 months: documents, order channels, product groups.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

orders as (
    select * from {{ ref('int_loyalty__orders') }}
),

invoices as (
    select
        dates.as_of_date,
        customers.ultimate_parent_id,
        {{ whole('sum(counted.invoice_count)') }} as invoices
    from dates
    inner join {{ ref('int_contribution__invoices_by_month') }} as counted
        on
            {{ is_known('counted', 'dates') }}
            and counted.month_start between dates.window_start and dates.as_of_date
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and counted.customer_id = customers.customer_id
    group by dates.as_of_date, customers.ultimate_parent_id
),

ranked_groups as (
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        net_revenue,
        row_number() over (partition by as_of_date, ultimate_parent_id order by net_revenue desc, product_group) as position
    from {{ ref('int_potential__product_group') }}
    where net_revenue > 0
),

product_groups as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole('count(*)') }} as product_groups_bought,
        max(case when position = 1 then product_group end) as largest_product_group,
        {{ ratio(exact_div('max(case when position = 1 then net_revenue end)', 'sum(net_revenue)')) }} as largest_product_group_ratio
    from ranked_groups
    group by as_of_date, ultimate_parent_id
),

purchases as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        coalesce(invoices.invoices, 0) as invoices,
        orders.orders_in_window,
        orders.field_orders,
        orders.inside_orders,
        orders.web_orders,
        orders.edi_orders,
        coalesce(product_groups.product_groups_bought, 0) as product_groups_bought,
        product_groups.largest_product_group,
        product_groups.largest_product_group_ratio
    from parents
    left join invoices
        on
            parents.as_of_date = invoices.as_of_date
            and parents.ultimate_parent_id = invoices.ultimate_parent_id
    left join orders
        on
            parents.as_of_date = orders.as_of_date
            and parents.ultimate_parent_id = orders.ultimate_parent_id
    left join product_groups
        on
            parents.as_of_date = product_groups.as_of_date
            and parents.ultimate_parent_id = product_groups.ultimate_parent_id
)

select * from purchases
