-- One row per as-of date, month, customer id as booked, ultimate parent and product group: everything that adds up to the
-- contributions, on customers, leads, own companies and the unassigned alike. The latest as-of date has every month, earlier ones the 12 months of their year.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
),

revenue as (
    select
        dates.as_of_date,
        lines.month_start,
        lines.customer_id,
        customers.ultimate_parent_id,
        lines.product_group,
        'unknown_customer' as reason_if_unassigned,
        lines.gross_list_revenue,
        lines.revenue_deductions,
        lines.cogs,
        lines.promotion_net_revenue,
        lines.line_count
    from dates
    inner join {{ ref('int_contribution__lines_by_month') }} as lines
        on
            {{ is_known('lines', 'dates') }}
            and lines.month_start <= dates.as_of_date
            and (dates.is_latest or lines.month_start >= dates.window_start)
    left join customers
        on
            dates.as_of_date = customers.as_of_date
            and lines.customer_id = customers.customer_id
),

direct_costs as (
    select
        dates.as_of_date,
        costs.month_start,
        costs.customer_id,
        customers.ultimate_parent_id,
        case when costs.customer_id is null then 'missing_cost_centre' else 'unknown_customer' end as reason_if_unassigned,
        case when costs.cost_type = 'marketing' then costs.amount else 0 end as marketing_cost,
        case when costs.cost_type = 'service_logistics' then costs.amount else 0 end as service_logistics_cost
    from dates
    inner join {{ ref('int_contribution__direct_costs') }} as costs
        on
            {{ is_known('costs', 'dates') }}
            and costs.month_start <= dates.as_of_date
            and (dates.is_latest or costs.month_start >= dates.window_start)
    left join customers
        on
            dates.as_of_date = customers.as_of_date
            and costs.customer_id = customers.customer_id
),

activities as (
    select
        costed.as_of_date,
        costed.month_start,
        coalesce(costed.entity_id, costed.account_id) as customer_id,
        costed.ultimate_parent_id,
        costed.account_group,
        costed.pool = parameters.field_pool as is_field,
        costed.pool = parameters.inside_pool as is_inside,
        costed.is_visit,
        costed.minutes,
        costed.cost
    from {{ ref('int_contribution__activities') }} as costed
    cross join {{ ref('stg_settings__parameters') }} as parameters
    where costed.is_counted
),

bookings as (
    select
        as_of_date,
        month_start,
        customer_id,
        ultimate_parent_id,
        product_group,
        reason_if_unassigned,
        gross_list_revenue,
        revenue_deductions,
        cogs,
        promotion_net_revenue,
        line_count,
        0 as marketing_cost,
        0 as service_logistics_cost,
        0 as field_sales_cost,
        0 as inside_sales_cost,
        0 as field_minutes,
        0 as inside_minutes,
        0 as visits,
        0 as activities
    from revenue
    union all
    select
        as_of_date,
        month_start,
        customer_id,
        ultimate_parent_id,
        null as product_group,
        reason_if_unassigned,
        0 as gross_list_revenue,
        0 as revenue_deductions,
        0 as cogs,
        0 as promotion_net_revenue,
        0 as line_count,
        marketing_cost,
        service_logistics_cost,
        0 as field_sales_cost,
        0 as inside_sales_cost,
        0 as field_minutes,
        0 as inside_minutes,
        0 as visits,
        0 as activities
    from direct_costs
    union all
    select
        as_of_date,
        month_start,
        customer_id,
        ultimate_parent_id,
        null as product_group,
        'unknown_customer' as reason_if_unassigned,
        0 as gross_list_revenue,
        0 as revenue_deductions,
        0 as cogs,
        0 as promotion_net_revenue,
        0 as line_count,
        0 as marketing_cost,
        0 as service_logistics_cost,
        case when account_group = 'field_sales_cost' then cost else 0 end as field_sales_cost,
        case when account_group = 'inside_sales_cost' then cost else 0 end as inside_sales_cost,
        case when is_field then minutes else 0 end as field_minutes,
        case when is_inside then minutes else 0 end as inside_minutes,
        case when is_visit then 1 else 0 end as visits,
        1 as activities
    from activities
),

summed as (
    select
        as_of_date,
        month_start,
        customer_id,
        ultimate_parent_id,
        product_group,
        case when ultimate_parent_id is null then reason_if_unassigned end as unassigned_reason,
        {{ money('sum(gross_list_revenue)') }} as gross_list_revenue,
        {{ money('sum(revenue_deductions)') }} as revenue_deductions,
        {{ money('sum(cogs)') }} as cogs,
        {{ money('sum(promotion_net_revenue)') }} as promotion_net_revenue,
        {{ money('sum(marketing_cost)') }} as marketing_cost,
        {{ money('sum(field_sales_cost)') }} as field_sales_cost,
        {{ money('sum(inside_sales_cost)') }} as inside_sales_cost,
        {{ money('sum(service_logistics_cost)') }} as service_logistics_cost,
        {{ whole('sum(field_minutes)') }} as field_minutes,
        {{ whole('sum(inside_minutes)') }} as inside_minutes,
        {{ whole('sum(visits)') }} as visits,
        {{ whole('sum(activities)') }} as activities,
        {{ whole('sum(line_count)') }} as line_count
    from bookings
    group by
        as_of_date,
        month_start,
        customer_id,
        ultimate_parent_id,
        product_group,
        case when ultimate_parent_id is null then reason_if_unassigned end
),

-- Whoever belongs to no delivered parent is unassigned, and the reason says why.
assigned as (
    select
        summed.as_of_date,
        summed.month_start,
        summed.customer_id,
        parents.ultimate_parent_id,
        summed.product_group,
        case
            when parents.ultimate_parent_id is null then coalesce(summed.unassigned_reason, 'unknown_customer')
        end as unassigned_reason,
        coalesce(parents.relationship_type, 'unassigned') as relationship_type,
        summed.gross_list_revenue,
        summed.revenue_deductions,
        summed.cogs,
        summed.promotion_net_revenue,
        summed.marketing_cost,
        summed.field_sales_cost,
        summed.inside_sales_cost,
        summed.service_logistics_cost,
        summed.field_minutes,
        summed.inside_minutes,
        summed.visits,
        summed.activities,
        summed.line_count
    from summed
    left join parents
        on
            summed.as_of_date = parents.as_of_date
            and summed.ultimate_parent_id = parents.ultimate_parent_id
)

select * from assigned
