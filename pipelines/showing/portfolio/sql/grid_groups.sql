select product_group from grid_groups order by place
