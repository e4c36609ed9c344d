select
    scorecard,
    list(ultimate_parent_id order by place) as ids,
    list(customer_name order by place) as names,
    list(raw_zone order by place) as zones,
    list(judged_by order by place) as judged_by,
    list((net_revenue * 100)::bigint order by place) as net_revenue,
    list((customer_contribution * 100)::bigint order by place) as customer_contribution,
from playground
group by scorecard
order by scorecard
