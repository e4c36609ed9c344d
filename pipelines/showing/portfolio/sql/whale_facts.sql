select
    count(*) as customers,
    coalesce(any_value(total_contribution), 0) as total_contribution,
    coalesce(any_value(peak_contribution), 0) as peak_contribution,
    any_value(peak_share_ratio) as peak_share_ratio,
    coalesce(any_value(destroyed_by_tail), 0) as destroyed_by_tail,
    coalesce(any_value(unprofitable_customers), 0) as unprofitable_customers,
    coalesce(min(whale_rank) filter (where cumulative_contribution = peak_contribution), 0) as peak_rank,
from mart_whale_curve
where as_of_date = (select as_of_date from page_date)
