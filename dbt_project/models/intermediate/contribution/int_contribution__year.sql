-- One row per as-of date and ultimate parent with bookings in its 12 months: everything that adds up to the contributions (a cost that is not
-- known is NULL). Every judged month has its own; int_contribution__entity_month says the same of shown months by entity and month.
{{ config(materialized='view') }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

months as (
    select * from {{ ref('int_contribution__booked_months') }}
),

years as (
    select
        dates.as_of_date,
        months.ultimate_parent_id,
        sum(months.gross_list_revenue) as gross_list_revenue,
        sum(months.revenue_deductions) as revenue_deductions,
        sum(months.cogs) as cogs,
        sum(months.imputed_cogs) as imputed_cogs,
        sum(months.imputed_net_revenue) as imputed_net_revenue,
        sum(months.promotion_net_revenue) as promotion_net_revenue,
        sum(months.marketing_cost) as marketing_cost,
        sum(months.sales_cost) as sales_cost,
        sum(months.service_logistics_cost) as service_logistics_cost,
        sum(months.imputed_line_count) as imputed_line_count,
        sum(months.line_count) as line_count,
        sum(months.field_minutes) as field_minutes,
        sum(months.inside_minutes) as inside_minutes,
        sum(months.visits) as visits,
        sum(months.activities) as activities
    from months
    inner join dates
        on
            months.known_at = dates.known_at
            and months.first_as_of_date <= dates.as_of_date
            and months.last_as_of_date >= dates.as_of_date
            and months.month_start between dates.window_start and dates.as_of_date
    group by dates.as_of_date, months.ultimate_parent_id
),

known as (
    select
        years.as_of_date,
        years.ultimate_parent_id,
        years.gross_list_revenue,
        years.revenue_deductions,
        {{ cost_if_known('depths.cogs_status', 'years.cogs') }} as cogs,
        {{ cost_if_known('depths.cogs_status', 'years.imputed_cogs') }} as imputed_cogs,
        years.promotion_net_revenue,
        {{ cost_if_known('depths.marketing_status', 'years.marketing_cost') }} as marketing_cost,
        {{ cost_if_known('depths.sales_status', 'years.sales_cost') }} as sales_cost,
        {{ cost_if_known('depths.service_logistics_status', 'years.service_logistics_cost') }} as service_logistics_cost,
        case when depths.cogs_status = 'delivered' then years.imputed_net_revenue else 0 end as imputed_net_revenue,
        case when depths.cogs_status = 'delivered' then years.imputed_line_count else 0 end as imputed_line_count,
        years.line_count,
        years.field_minutes,
        years.inside_minutes,
        years.visits,
        years.activities
    from years
    inner join depths on years.as_of_date = depths.as_of_date
)

select * from known
