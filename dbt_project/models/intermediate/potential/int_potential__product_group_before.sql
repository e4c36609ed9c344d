-- One row per as-of date, scored parent and product group with a demand at the as-of date and 12 months before it: what our share of it
-- was then, in what is known now, of the parent's accounts and entities of now (METHOD 1.6).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

delivered_from as (
    select * from {{ ref('int_contribution__delivered_from') }}
),

product_groups as (
    select * from {{ ref('int_potential__product_group') }}
    where annual_demand is not null
),

-- Only groups with a demand on both days are compared: a new one would hide that the share of the others falls.
common as (
    select
        product_groups.as_of_date,
        product_groups.ultimate_parent_id,
        product_groups.product_group,
        product_groups.annual_demand as demand_now,
        product_groups.capped_revenue as capped_now,
        product_groups.is_contradicted as is_contradicted_now,
        estimates.annual_demand as demand_before
    from product_groups
    inner join {{ ref('int_potential__estimates') }} as estimates
        on
            product_groups.as_of_date = estimates.as_of_date
            and product_groups.ultimate_parent_id = estimates.ultimate_parent_id
            and product_groups.product_group = estimates.product_group
            and product_groups.as_of_date > estimates.valid_on
),

-- Only their lines are read.
asked as (
    select
        common.as_of_date,
        common.ultimate_parent_id,
        common.product_group,
        customers.customer_id,
        dates.known_at,
        dates.prior_window_start,
        dates.window_start
    from common
    inner join dates on common.as_of_date = dates.as_of_date
    inner join customers
        on
            common.as_of_date = customers.as_of_date
            and common.ultimate_parent_id = customers.ultimate_parent_id
),

revenue as (
    select
        asked.as_of_date,
        asked.ultimate_parent_id,
        asked.product_group,
        sum(lines.gross_list_revenue - lines.revenue_deductions) as net_revenue
    from asked
    inner join {{ ref('int_contribution__lines_by_month') }} as lines
        on
            asked.customer_id = lines.customer_id
            and asked.product_group = lines.product_group
            and asked.prior_window_start <= lines.month_start
            and asked.window_start > lines.month_start
            and {{ is_known('lines', 'asked') }}
    group by asked.as_of_date, asked.ultimate_parent_id, asked.product_group
),

joined as (
    select
        common.as_of_date,
        common.ultimate_parent_id,
        common.product_group,
        common.demand_now,
        common.capped_now,
        common.is_contradicted_now,
        common.demand_before,
        {{ money('coalesce(revenue.net_revenue, 0)') }} as revenue_before,
        coalesce(delivered_from.first_month <= dates.prior_window_start, false) as is_delivered
    from common
    inner join dates on common.as_of_date = dates.as_of_date
    left join delivered_from on common.as_of_date = delivered_from.as_of_date
    left join revenue
        on
            common.as_of_date = revenue.as_of_date
            and common.ultimate_parent_id = revenue.ultimate_parent_id
            and common.product_group = revenue.product_group
),

judged as (
    select
        joined.as_of_date,
        joined.ultimate_parent_id,
        joined.product_group,
        joined.demand_now,
        joined.capped_now,
        joined.demand_before,
        joined.revenue_before,
        {{ capped_revenue('joined.revenue_before', 'joined.demand_before') }} as capped_before,
        joined.is_contradicted_now or {{ is_demand_contradicted('joined.revenue_before', 'joined.demand_before') }} as is_contradicted,
        joined.is_delivered
    from joined
    cross join parameters
),

measured as (
    select
        judged.*,
        case
            when not is_contradicted and is_delivered and demand_now > 0
                then {{ ratio(exact_div('capped_before', 'demand_before')) }}
        end as sow_capped_ratio_before,
        case
            when not is_contradicted and is_delivered
                then {{ ratio(exact_div(
                    share_change_numerator('capped_now', 'demand_now', 'capped_before', 'demand_before'),
                    share_change_denominator('demand_now', 'demand_before'), decimals=4
                )) }}
        end as sow_change_ratio
    from judged
)

select * from measured
