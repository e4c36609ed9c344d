-- A returned row is a score object whose funnel does not sum to the portfolio: effective demand to the demand, the larger of potential and
-- revenue won per product group to potential_revenue. Asked where all demand is effective demand: another basis is no stage of its own.
{{ config(meta={
    'decides': 'mart_demand_funnel.stage_amount sum',
    'what': 'effective demand, potential and revenue of all product groups in the demand funnel sum to the portfolio',
    'remedy': 'compare mart_demand_funnel with mart_share_of_wallet for the named customer',
}) }}
with

product_groups as (
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        sum(case when demand_stage = 'effective_demand' then stage_amount end) as annual_demand,
        max(case when demand_stage in ('potential', 'revenue') then stage_amount end) as potential_revenue
    from {{ ref('mart_demand_funnel') }}
    group by as_of_date, ultimate_parent_id, product_group
),

funnel as (
    select
        as_of_date,
        ultimate_parent_id,
        sum(annual_demand) as annual_demand,
        sum(potential_revenue) as potential_revenue
    from product_groups
    group by as_of_date, ultimate_parent_id
),

portfolio as (
    select * from {{ ref('mart_portfolio') }}
    where demand_basis = 'effective_demand'
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
    portfolio.annual_demand is distinct from funnel.annual_demand
    or portfolio.potential_revenue is distinct from funnel.potential_revenue
