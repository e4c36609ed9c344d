-- One row per time of knowledge, ultimate parent, span of as-of dates (int_customers__parent_spans), product group and month: what is known of
-- its revenue. Once for all as-of dates, because twelve months of each stand on nearly the same rows.
with

knowledge as (
    select distinct known_at from {{ ref('stg_control__as_of_dates') }}
),

spans as (
    select * from {{ ref('int_customers__parent_spans') }}
),

summed as (
    select
        knowledge.known_at,
        spans.ultimate_parent_id,
        spans.first_as_of_date,
        spans.last_as_of_date,
        lines.product_group,
        lines.month_start,
        {{ money('sum(lines.gross_list_revenue)') }} as gross_list_revenue,
        {{ money('sum(lines.revenue_deductions)') }} as revenue_deductions,
        {{ money('sum(lines.cogs)') }} as cogs,
        {{ money('sum(lines.promotion_net_revenue)') }} as promotion_net_revenue,
        {{ whole('sum(lines.line_count)') }} as line_count
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    inner join spans on lines.customer_id = spans.customer_id
    group by
        knowledge.known_at,
        spans.ultimate_parent_id,
        spans.first_as_of_date,
        spans.last_as_of_date,
        lines.product_group,
        lines.month_start
)

-- In this order for the same reason as int_contribution__lines_by_month, by parent: twelve months of every as-of date are summed from these.
select * from summed
order by ultimate_parent_id, product_group, month_start
