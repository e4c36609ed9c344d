-- A returned row is an as-of date whose curve does not end at the sum of all contributions, or whose peak is not its highest point.
{{ config(meta={
    'decides': 'mart_whale_curve.cumulative_contribution sum',
    'what': 'the whale curve ends at the sum of the contributions of all customers, and its peak is its highest point',
    'remedy': 'customers are lost, doubled or ranked twice: compare mart_whale_curve with mart_portfolio',
}) }}
with

curve as (
    select
        as_of_date,
        count(*) as customers,
        max(whale_rank) as last_rank,
        sum(customer_contribution) as customer_contribution,
        max(case when is_last then cumulative_contribution end) as last_cumulative,
        min(total_contribution) as total_contribution,
        greatest(max(cumulative_contribution), max(peak_contribution)) as peak_contribution,
        min(peak_contribution) as lowest_peak_contribution
    from (
        select
            curve.*,
            whale_rank = max(whale_rank) over (partition by as_of_date) as is_last
        from {{ ref('mart_whale_curve') }} as curve
    ) as ranked
    group by as_of_date
),

portfolio as (
    select as_of_date, sum(customer_contribution) as customer_contribution
    from {{ ref('mart_portfolio') }}
    where relationship_type = 'customer' and zone <> 'never_bought' and customer_contribution is not null
    group by as_of_date
),

different as (
    select portfolio.customer_contribution as portfolio_contribution, curve.*
    from curve
    full outer join portfolio on curve.as_of_date = portfolio.as_of_date
    where
        curve.customers is distinct from curve.last_rank
        or curve.last_cumulative is distinct from curve.total_contribution
        or curve.total_contribution is distinct from curve.customer_contribution
        or curve.customer_contribution is distinct from portfolio.customer_contribution
        or curve.peak_contribution is distinct from curve.lowest_peak_contribution
)

select * from different
