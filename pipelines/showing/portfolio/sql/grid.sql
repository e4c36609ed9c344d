select
    detailed.detail_number,
    open_wallets.product_group,
    open_wallets.achievable_gap,
    open_wallets.sow_capped_ratio,
    coalesce(open_wallets.is_white_space, false) as is_white_space,
from grid_customers
inner join detailed using (ultimate_parent_id)
inner join open_wallets using (ultimate_parent_id)
inner join grid_groups using (product_group)
order by grid_customers.place, grid_groups.place
