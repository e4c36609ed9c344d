-- One row per month, customer id as booked, and product group, seen from the latest as-of date back over every delivered month.
-- Customers nobody knows keep their bookings, too (assignment = unassigned).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

-- A customer of several legal entities has its bookings in each of them.
entity_months as (
    select
        as_of_date,
        month_start,
        customer_id,
        ultimate_parent_id,
        relationship_type,
        product_group,
        {{ money('sum(gross_list_revenue)') }} as gross_list_revenue,
        {{ money('sum(revenue_deductions)') }} as revenue_deductions,
        case when count_if(cogs is null) = 0 then {{ money('sum(cogs)') }} end as cogs,
        case when count_if(imputed_cogs is null) = 0 then {{ money('sum(imputed_cogs)') }} end as imputed_cogs,
        {{ whole('sum(imputed_line_count)') }} as imputed_line_count,
        {{ money('sum(promotion_net_revenue)') }} as promotion_net_revenue,
        {{ whole('sum(line_count)') }} as line_count
    from {{ ref('int_contribution__entity_month') }}
    where product_group is not null
    group by as_of_date, month_start, customer_id, ultimate_parent_id, relationship_type, product_group
),

final as (
    select
        entity_months.as_of_date,
        entity_months.month_start,
        entity_months.customer_id,
        entity_months.ultimate_parent_id,
        entity_months.relationship_type as assignment,
        entity_months.product_group,
        entity_months.gross_list_revenue,
        entity_months.revenue_deductions,
        {{ money('entity_months.gross_list_revenue - entity_months.revenue_deductions') }} as net_revenue,
        entity_months.cogs,
        entity_months.imputed_cogs,
        case when entity_months.cogs is not null then entity_months.imputed_line_count > 0 end as is_cogs_imputed,
        {{ money('entity_months.gross_list_revenue - entity_months.revenue_deductions - entity_months.cogs') }} as contribution_1,
        entity_months.promotion_net_revenue,
        entity_months.line_count,
        {{ is_latest('entity_months') }} as is_latest,
        parameters.method_version
    from entity_months
    inner join dates on entity_months.as_of_date = dates.as_of_date
    cross join parameters
)

select * from final
