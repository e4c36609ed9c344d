-- All leads are one row, the last. Shares are of all scored parents, customers and leads, as in effort_value_index.
with

totals as (
    select sum(sales_cost) as sales_cost, sum(greatest(customer_contribution, 0)) as earned
    from portfolio
),

by_zone as (
    select
        case when relationship_type = 'lead' then 'lead' else zone end as zone,
        count(*) as parents,
        count(*) filter (where zone_status = 'provisional') as provisional,
        sum(net_revenue)::decimal(38, 2) as net_revenue,
        sum(portfolio.customer_contribution)::decimal(38, 2) as customer_contribution,
        sum(portfolio.sales_cost)::decimal(38, 2) as sales_cost,
        (sum(portfolio.sales_cost) / nullif(any_value(totals.sales_cost), 0))::decimal(18, 6) as sales_cost_ratio,
        (sum(greatest(portfolio.customer_contribution, 0)) / nullif(any_value(totals.earned), 0))::decimal(18, 6) as earned_ratio,
        (
            (sum(portfolio.sales_cost) / nullif(any_value(totals.sales_cost), 0))
            / nullif(sum(greatest(portfolio.customer_contribution, 0)) / nullif(any_value(totals.earned), 0), 0)
        )::decimal(18, 6) as effort_value_index,
    from portfolio
    cross join totals
    group by 1
)

select by_zone.*
from by_zone
left join codes on codes.code_group = 'zone' and codes.code = by_zone.zone
order by codes.place nulls last, by_zone.zone
