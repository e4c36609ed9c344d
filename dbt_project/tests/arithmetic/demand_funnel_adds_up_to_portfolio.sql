-- A returned row is a score object whose effective demand or potential in the funnel does not sum to that of the portfolio.
{{ config(meta={
    'decides': 'mart_demand_funnel.stage_amount sum',
    'what': 'effective demand and potential of all product groups in the demand funnel sum to the portfolio',
    'remedy': 'compare mart_demand_funnel with mart_share_of_wallet for the named customer',
}) }}
with

funnel as (
    select
        as_of_date,
        ultimate_parent_id,
        sum(case when demand_stage = 'effective_demand' then stage_amount end) as annual_demand,
        sum(case when demand_stage = 'potential' then stage_amount else 0 end) as potential_revenue
    from {{ ref('mart_demand_funnel') }}
    group by as_of_date, ultimate_parent_id
),

portfolio as (
    select * from {{ ref('mart_portfolio') }}
)

select
    portfolio.as_of_date,
    portfolio.ultimate_parent_id,
    portfolio.annual_demand,
    funnel.annual_demand as funnel_annual_demand,
    portfolio.potential_revenue,
    funnel.potential_revenue as funnel_potential_revenue
from portfolio
left join funnel
    on
        portfolio.as_of_date = funnel.as_of_date
        and portfolio.ultimate_parent_id = funnel.ultimate_parent_id
where
    coalesce(portfolio.annual_demand, -1) <> coalesce(funnel.annual_demand, -1)
    or portfolio.potential_revenue <> coalesce(funnel.potential_revenue, 0)
