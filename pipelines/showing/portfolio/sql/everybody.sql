select
    detailed.detail_number,
    ultimate_parent_id,
    portfolio.customer_name,
    portfolio.relationship_type,
    portfolio.zone,
    portfolio.region,
    portfolio.owner_area,
    portfolio.net_revenue,
    portfolio.customer_contribution,
    portfolio.open_gap as achievable_gap,
    portfolio.sow_capped_ratio,
    portfolio.customer_value_score,
from everybody
inner join portfolio using (ultimate_parent_id)
left join detailed using (ultimate_parent_id)
order by everybody.place
