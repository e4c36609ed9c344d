-- One row per company, customer id, product group, month, span of knowledge and net revenue: how many invoice lines have no cost of
-- goods although it is delivered. Only these need the grain of a line, because their cost is rounded line by line; a credit note is none.
with

lines as (
    select * from {{ ref('int_contribution__lines_converted') }}
),

-- Where no line has any, cost of goods is not delivered at all, and there is nothing to stand in for.
delivery as (
    select coalesce(sum(cogs_line_count), 0) as cogs_line_count from {{ ref('int_contribution__lines_by_month') }}
),

cost_sources as (
    select * from {{ ref('stg_control__cost_sources') }}
    where cost = 'cogs'
),

counted as (
    select
        lines.company_id,
        lines.customer_id,
        lines.product_group,
        lines.month_start,
        lines.known_from,
        lines.known_to,
        {{ money('lines.gross_list_revenue - lines.revenue_deductions') }} as net_revenue,
        {{ whole('count(*)') }} as line_count
    from lines
    cross join delivery
    cross join cost_sources
    where
        lines.is_cogs_missing
        and (delivery.cogs_line_count > 0 or coalesce(cost_sources.is_mapped, false))
    group by
        lines.company_id,
        lines.customer_id,
        lines.product_group,
        lines.month_start,
        lines.known_from,
        lines.known_to,
        {{ money('lines.gross_list_revenue - lines.revenue_deductions') }}
)

select * from counted
