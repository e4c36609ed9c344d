-- One row per as-of date: what deductions, logistics and marketing are in the portfolio, over its customers with revenue (METHOD 1.18).
with

contributions as (
    {{ of_shown_dates(ref('int_contribution__parent')) }}
),

summed as (
    select
        as_of_date,
        {{ money('sum(gross_list_revenue)') }} as gross_list_revenue,
        {{ money('sum(revenue_deductions)') }} as revenue_deductions,
        {{ money('sum(net_revenue)') }} as net_revenue,
        {{ money('sum(service_logistics_cost)') }} as service_logistics_cost,
        {{ money('sum(marketing_cost)') }} as marketing_cost
    from contributions
    where relationship_type = 'customer' and net_revenue > 0
    group by as_of_date
),

ratios as (
    select
        summed.*,
        case when gross_list_revenue > 0 then {{ ratio(exact_div('revenue_deductions', 'gross_list_revenue')) }} end as deduction_ratio,
        {{ ratio(exact_div('service_logistics_cost', 'net_revenue')) }} as logistics_ratio,
        {{ ratio(exact_div('marketing_cost', 'net_revenue')) }} as marketing_ratio
    from summed
)

select * from ratios
