-- A returned row is a score object that is in the portfolio or in the customer profile, but not in both, or with other money there.
{{ config(meta={
    'decides': 'mart_customer_profile.ultimate_parent_id same',
    'what': 'portfolio and customer profile speak of the same customers and leads, with the same revenue and contribution',
    'remedy': 'a join in mart_customer_profile drops or doubles the named customer: look at its SQL',
}) }}
with

both_marts as (
    select as_of_date, ultimate_parent_id, net_revenue, contribution_4, 1 as in_portfolio, 0 as in_profile
    from {{ ref('mart_portfolio') }}
    union all
    select as_of_date, ultimate_parent_id, net_revenue, contribution_4, 0 as in_portfolio, 1 as in_profile
    from {{ ref('mart_customer_profile') }}
)

select
    as_of_date,
    ultimate_parent_id,
    sum(in_portfolio) as portfolio_rows,
    sum(in_profile) as profile_rows
from both_marts
group by as_of_date, ultimate_parent_id
having
    sum(in_portfolio) <> 1
    or sum(in_profile) <> 1
    or min(net_revenue) <> max(net_revenue)
    or min(contribution_4) <> max(contribution_4)
