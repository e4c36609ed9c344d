-- One row per customer id, product group, month and span of knowledge: everything about revenue stands on this one pass over the
-- invoice lines.
with

lines as (
    select * from {{ ref('int_contribution__lines_converted') }}
),

summed as (
    select
        customer_id,
        product_group,
        month_start,
        known_from,
        known_to,
        {{ money('sum(gross_list_revenue)') }} as gross_list_revenue,
        {{ money('sum(revenue_deductions)') }} as revenue_deductions,
        {{ money('sum(cogs)') }} as cogs,
        {{ money('sum(case when is_promotion then gross_list_revenue - revenue_deductions else 0 end)') }} as promotion_net_revenue,
        {{ whole('count(*)') }} as line_count,
        min(posting_date) as first_posting_date,
        max(posting_date) as last_posting_date
    from lines
    group by customer_id, product_group, month_start, known_from, known_to
)

select * from summed
