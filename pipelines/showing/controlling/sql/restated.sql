select
    restated_version,
    month_start,
    count(distinct ultimate_parent_id) as customers,
    cast(sum(old_net_revenue) as decimal(38, 2)) as old_net_revenue,
    cast(sum(new_net_revenue) as decimal(38, 2)) as new_net_revenue,
    cast(sum(delta_net_revenue) as decimal(38, 2)) as delta_net_revenue,
    cast(sum(delta_contribution_4) as decimal(38, 2)) as delta_contribution_4,
    coalesce(bool_or(is_method_changed), false) as is_method_changed,
from mart_restatements
group by restated_version, month_start
order by restated_version desc, month_start desc
