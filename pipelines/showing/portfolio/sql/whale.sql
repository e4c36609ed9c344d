-- A curve of hundreds of points looks like one of 200,000; the peak and both ends are always among them.
with

curve as (
    select *
    from mart_whale_curve
    where as_of_date = (select as_of_date from page_date)
),

extent as (
    select
        count(*) as customers,
        min(whale_rank) filter (where cumulative_contribution = peak_contribution) as peak_rank,
    from curve
)

select
    curve.whale_rank,
    curve.cumulative_contribution,
    coalesce(curve.customer_contribution, curve.contribution_4) as customer_contribution,
    portfolio.customer_name,
    curve.whale_rank = extent.peak_rank as is_peak,
from curve
cross join extent
left join portfolio using (ultimate_parent_id)
where
    curve.whale_rank in (1, extent.peak_rank, extent.customers)
    or curve.whale_rank % greatest(1, ceil(extent.customers / (select whale_points from limits))::bigint) = 0
order by curve.whale_rank
