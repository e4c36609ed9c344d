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

entity_months as (
    select * from {{ ref('int_contribution__entity_month') }}
    where product_group is not null
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
        {{ money('entity_months.gross_list_revenue - entity_months.revenue_deductions - entity_months.cogs') }} as contribution_1,
        entity_months.promotion_net_revenue,
        entity_months.line_count,
        parameters.method_version
    from entity_months
    inner join dates on entity_months.as_of_date = dates.as_of_date
    cross join parameters
)

select * from final
