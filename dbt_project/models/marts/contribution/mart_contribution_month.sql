-- One row per month and ultimate parent, seen from the latest as-of date back over every delivered month: the way from gross list
-- revenue to contribution IV. What belongs to no parent stands under '(unassigned)', so that the mart adds up to everything booked.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

summed as (
    select
        entity_months.as_of_date,
        entity_months.month_start,
        coalesce(entity_months.ultimate_parent_id, '(unassigned)') as ultimate_parent_id,
        entity_months.relationship_type,
        sum(entity_months.gross_list_revenue) as gross_list_revenue,
        sum(entity_months.revenue_deductions) as revenue_deductions,
        -- A line that nothing can stand in for leaves its month unknown.
        case when count_if(entity_months.cogs is null) = 0 then sum(entity_months.cogs) end as cogs,
        case when count_if(entity_months.imputed_cogs is null) = 0 then sum(entity_months.imputed_cogs) end as imputed_cogs,
        sum(entity_months.marketing_cost) as marketing_cost,
        sum(entity_months.field_sales_cost) as field_sales_cost,
        sum(entity_months.inside_sales_cost) as inside_sales_cost,
        sum(entity_months.service_logistics_cost) as service_logistics_cost,
        sum(entity_months.field_minutes) as field_minutes,
        sum(entity_months.inside_minutes) as inside_minutes,
        {{ whole('sum(entity_months.visits)') }} as visits,
        {{ whole('sum(entity_months.activities)') }} as activities
    from {{ ref('int_contribution__entity_month') }} as entity_months
    inner join dates on entity_months.as_of_date = dates.as_of_date
    group by
        entity_months.as_of_date,
        entity_months.month_start,
        coalesce(entity_months.ultimate_parent_id, '(unassigned)'),
        entity_months.relationship_type
),

final as (
    select
        summed.as_of_date,
        summed.month_start,
        summed.ultimate_parent_id,
        summed.relationship_type,
        {{ money('summed.gross_list_revenue') }} as gross_list_revenue,
        {{ money('summed.revenue_deductions') }} as revenue_deductions,
        {{ money('summed.gross_list_revenue - summed.revenue_deductions') }} as net_revenue,
        {{ money('summed.cogs') }} as cogs,
        {{ money('summed.imputed_cogs') }} as imputed_cogs,
        {{ money('summed.gross_list_revenue - summed.revenue_deductions - summed.cogs') }} as contribution_1,
        {{ money('summed.marketing_cost') }} as marketing_cost,
        {{ money('summed.gross_list_revenue - summed.revenue_deductions - summed.cogs - summed.marketing_cost') }} as contribution_2,
        {{ money('(summed.field_sales_cost + summed.inside_sales_cost)') }} as sales_cost,
        {{ money('summed.gross_list_revenue - summed.revenue_deductions - summed.cogs - summed.marketing_cost - (summed.field_sales_cost + summed.inside_sales_cost)') }} as contribution_3,
        {{ money('summed.service_logistics_cost') }} as service_logistics_cost,
        {{ money(
            'summed.gross_list_revenue - summed.revenue_deductions - summed.cogs'
            ~ ' - summed.marketing_cost - (summed.field_sales_cost + summed.inside_sales_cost) - summed.service_logistics_cost'
        ) }} as contribution_4,
        depths.contribution_depth,
        {{ money('summed.gross_list_revenue - summed.revenue_deductions - (' ~ costs_deducted('summed', 'depths') ~ ')') }} as customer_contribution,
        cast({{ exact_div('summed.field_minutes', '60', 4) }} as decimal(18, 4)) as field_hours,
        cast({{ exact_div('summed.inside_minutes', '60', 4) }} as decimal(18, 4)) as inside_hours,
        summed.visits,
        summed.activities,
        {{ is_latest('summed') }} as is_latest,
        parameters.method_version
    from summed
    inner join depths on summed.as_of_date = depths.as_of_date
    cross join parameters
)

select * from final
