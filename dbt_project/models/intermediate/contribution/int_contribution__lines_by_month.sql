-- One row per company, customer id, product group, month and span of knowledge: everything about revenue stands on this one pass over the
-- invoice lines.
with

lines as (
    select * from {{ ref('int_contribution__lines_converted') }}
),

summed as (
    select
        company_id,
        customer_id,
        product_group,
        month_start,
        known_from,
        known_to,
        {{ money('sum(gross_list_revenue)') }} as gross_list_revenue,
        {{ money('sum(revenue_deductions)') }} as revenue_deductions,
        {{ money('sum(case when is_cogs_delivered then cogs else 0 end)') }} as cogs,
        {{ money('sum(case when is_cogs_delivered then gross_list_revenue - revenue_deductions else 0 end)') }} as cogs_net_revenue,
        {{ whole('count_if(is_cogs_delivered)') }} as cogs_line_count,
        {{ whole('count_if(is_cogs_missing)') }} as missing_cogs_line_count,
        {{ money('sum(case when is_promotion then gross_list_revenue - revenue_deductions else 0 end)') }} as promotion_net_revenue,
        {{ money('coalesce(sum(advance_amount), 0)') }} as advance_amount,
        {{ whole('count_if(has_deductions)') }} as deductions_line_count,
        {{ whole('count(*)') }} as line_count,
        min(posting_date) as first_posting_date,
        max(posting_date) as last_posting_date
    from lines
    group by company_id, customer_id, product_group, month_start, known_from, known_to
)

-- A customer's rows lie together, so that what is summed of them does, too: the sums of a window stay small enough for a processor's cache.
select * from summed
order by customer_id, month_start
