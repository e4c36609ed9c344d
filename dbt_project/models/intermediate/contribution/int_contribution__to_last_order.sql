-- One row per as-of date and customer parent without an order in the lapsed months: net revenue and customer contribution of the 12 calendar
-- months that end with the month of its last order (METHOD 1.18). The contribution is NULL where those months are not wholly delivered.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
    where relationship_type = 'customer' and last_order_date is not null
),

ratios as (
    select * from {{ ref('int_contribution__cogs_ratios') }}
),

portfolio as (
    select * from ratios
    where product_group is null
),

knowledge as (
    select distinct known_at from dates
),

delivered_from as (
    select * from {{ ref('int_contribution__delivered_from') }}
),

lapsed as (
    select
        dates.as_of_date,
        dates.known_at,
        loyalty.ultimate_parent_id,
        {{ add_months(month_start('loyalty.last_order_date'), -11) }} as first_month,
        {{ month_start('loyalty.last_order_date') }} as last_month
    from dates
    inner join loyalty on dates.as_of_date = loyalty.as_of_date
    cross join parameters
    where loyalty.last_order_date < {{ add_months(month_start('dates.as_of_date'), '1 - parameters.lapsed_after_months') }}
),

entities as (
    select
        lapsed.as_of_date,
        lapsed.known_at,
        lapsed.ultimate_parent_id,
        customers.customer_id,
        lapsed.first_month,
        lapsed.last_month
    from lapsed
    inner join customers
        on
            lapsed.as_of_date = customers.as_of_date
            and lapsed.ultimate_parent_id = customers.ultimate_parent_id
),

known_revenue as (
    select
        knowledge.known_at,
        lines.customer_id,
        lines.month_start,
        sum(lines.gross_list_revenue - lines.revenue_deductions) as net_revenue,
        sum(lines.cogs) as cogs
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    group by knowledge.known_at, lines.customer_id, lines.month_start
),

known_missing as (
    select
        knowledge.known_at,
        missing.customer_id,
        missing.product_group,
        missing.month_start,
        missing.net_revenue,
        sum(missing.line_count) as line_count
    from knowledge
    inner join {{ ref('int_contribution__lines_without_cogs') }} as missing on {{ is_known('missing', 'knowledge') }}
    group by knowledge.known_at, missing.customer_id, missing.product_group, missing.month_start, missing.net_revenue
),

known_costs as (
    select
        knowledge.known_at,
        costs.customer_id,
        costs.month_start,
        sum(case when costs.cost_type = 'marketing' then costs.amount else 0 end) as marketing_cost,
        sum(case when costs.cost_type = 'service_logistics' then costs.amount else 0 end) as service_logistics_cost
    from knowledge
    inner join {{ ref('int_contribution__direct_costs') }} as costs on {{ is_known('costs', 'knowledge') }}
    group by knowledge.known_at, costs.customer_id, costs.month_start
),

-- Only the latest as-of date keeps every month of activities; whose they are is told by the as-of date that asks.
counted_activities as (
    select
        activities.account_id,
        activities.month_start,
        sum(activities.cost) as sales_cost
    from {{ ref('int_contribution__activities') }} as activities
    inner join dates on activities.as_of_date = dates.as_of_date
    where dates.is_latest and activities.is_counted
    group by activities.account_id, activities.month_start
),

parts as (
    select
        entities.as_of_date,
        entities.ultimate_parent_id,
        revenue.net_revenue,
        revenue.cogs,
        0 as marketing_cost,
        0 as sales_cost,
        0 as service_logistics_cost
    from entities
    inner join known_revenue as revenue
        on
            entities.known_at = revenue.known_at
            and entities.customer_id = revenue.customer_id
            and revenue.month_start between entities.first_month and entities.last_month
    union all
    select
        as_of_date,
        ultimate_parent_id,
        0 as net_revenue,
        line_count * {{ imputed_cogs_of_line() }} as cogs,
        0 as marketing_cost,
        0 as sales_cost,
        0 as service_logistics_cost
    from (
        select
            entities.as_of_date,
            entities.ultimate_parent_id,
            missing.net_revenue,
            missing.line_count,
            coalesce(ratios.cogs, portfolio.cogs) as ratio_cogs,
            coalesce(ratios.net_revenue, portfolio.net_revenue) as ratio_net_revenue
        from entities
        inner join known_missing as missing
            on
                entities.known_at = missing.known_at
                and entities.customer_id = missing.customer_id
                and missing.month_start between entities.first_month and entities.last_month
        left join ratios
            on
                entities.as_of_date = ratios.as_of_date
                and missing.product_group = ratios.product_group
        left join portfolio on entities.as_of_date = portfolio.as_of_date
    ) as missing_lines
    union all
    select
        entities.as_of_date,
        entities.ultimate_parent_id,
        0 as net_revenue,
        0 as cogs,
        costs.marketing_cost,
        0 as sales_cost,
        costs.service_logistics_cost
    from entities
    inner join known_costs as costs
        on
            entities.known_at = costs.known_at
            and entities.customer_id = costs.customer_id
            and costs.month_start between entities.first_month and entities.last_month
    union all
    select
        lapsed.as_of_date,
        lapsed.ultimate_parent_id,
        0 as net_revenue,
        0 as cogs,
        0 as marketing_cost,
        activities.sales_cost,
        0 as service_logistics_cost
    from lapsed
    inner join accounts
        on
            lapsed.as_of_date = accounts.as_of_date
            and lapsed.ultimate_parent_id = accounts.ultimate_parent_id
    inner join counted_activities as activities
        on
            accounts.account_id = activities.account_id
            and activities.month_start between lapsed.first_month and lapsed.last_month
),

-- A line that nothing can stand in for leaves the contribution unknown.
summed as (
    select
        as_of_date,
        ultimate_parent_id,
        sum(net_revenue) as net_revenue,
        case when count_if(cogs is null) = 0 then sum(cogs) end as cogs,
        sum(marketing_cost) as marketing_cost,
        sum(sales_cost) as sales_cost,
        sum(service_logistics_cost) as service_logistics_cost
    from parts
    group by as_of_date, ultimate_parent_id
),

final as (
    select
        lapsed.as_of_date,
        lapsed.ultimate_parent_id,
        {{ money('coalesce(summed.net_revenue, 0)') }} as net_revenue_to_last_order,
        case
            when lapsed.first_month >= delivered_from.first_month and depths.contribution_depth > 0 and (summed.as_of_date is null or summed.cogs is not null or depths.cogs_status = 'none')
                then {{ money(
                    "coalesce(summed.net_revenue, 0)"
                    ~ " - case when depths.cogs_status = 'delivered' then coalesce(summed.cogs, 0) else 0 end"
                    ~ " - case when depths.contribution_depth >= 2 and depths.marketing_status = 'delivered' then coalesce(summed.marketing_cost, 0) else 0 end"
                    ~ " - case when depths.contribution_depth >= 3 and depths.sales_status = 'delivered' then coalesce(summed.sales_cost, 0) else 0 end"
                    ~ " - case when depths.contribution_depth >= 4 and depths.service_logistics_status = 'delivered' then coalesce(summed.service_logistics_cost, 0) else 0 end"
                ) }}
        end as customer_contribution_to_last_order
    from lapsed
    inner join depths on lapsed.as_of_date = depths.as_of_date
    left join delivered_from on lapsed.as_of_date = delivered_from.as_of_date
    left join summed
        on
            lapsed.as_of_date = summed.as_of_date
            and lapsed.ultimate_parent_id = summed.ultimate_parent_id
)

select * from final
