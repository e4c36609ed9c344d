-- A returned row is an as-of date at which the customers' DB II ratio does not exceed the target DB III ratio: no revenue, however
-- large, would pay for the standard service, so the threshold does not exist (METHOD 1.11).
{{ config(meta={
    'decides': 'mart_small_customers.threshold_revenue contradiction',
    'what': 'the DB II ratio of the customers exceeds the target DB III ratio, so that a threshold for small customers exists',
    'remedy': 'lower small_customers.target_contribution_3_ratio in config/portfolio.yml, or look for wrong cogs and marketing costs',
}) }}
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

portfolio as (
    select
        as_of_date,
        sum(net_revenue) as net_revenue,
        sum(contribution_2) as contribution_2
    from {{ ref('int_contribution__parent') }}
    where relationship_type = 'customer'
    group by as_of_date
)

select
    portfolio.as_of_date,
    portfolio.net_revenue,
    portfolio.contribution_2,
    parameters.small_target_contribution_3_ratio
from portfolio
cross join parameters
where
    portfolio.net_revenue > 0
    and portfolio.contribution_2 <= portfolio.net_revenue * parameters.small_target_contribution_3_ratio
