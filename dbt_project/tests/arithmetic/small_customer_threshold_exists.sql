-- A returned row is an as-of date without a threshold for small customers: the customers' DB II ratio does not exceed the target DB III
-- ratio, so that no revenue, however large, would pay for the standard service, or a cost or rate it needs is not known (METHOD 1.11).
-- A lean year is no reason not to publish; where nothing is known of what selling costs and brings, nobody asked for a threshold.
{{ config(severity='warn', meta={
    'decides': 'mart_small_customers.threshold_revenue contradiction',
    'what': 'the DB II ratio of the customers is known and exceeds the target DB III ratio, so that a threshold for small customers exists',
    'remedy': 'deliver cost of goods and marketing (or say `none` under costs in config/portfolio.yml), name both pools, or lower small_customers.target_contribution_3_ratio',
}) }}
with

thresholds as (
    select
        as_of_date,
        max(standard_field_service_cost) as standard_field_service_cost,
        max(portfolio_contribution_2_ratio) as portfolio_contribution_2_ratio,
        max(target_contribution_3_ratio) as target_contribution_3_ratio,
        max(threshold_revenue) as threshold_revenue
    from {{ ref('int_effort__small_customers') }}
    group by as_of_date
)

select * from thresholds
where threshold_revenue is null and (standard_field_service_cost is not null or portfolio_contribution_2_ratio is not null)
