select
    recommended_action,
    any_value(recommended_action_en order by ultimate_parent_id) as recommended_action_en,
    any_value(recommended_action_de order by ultimate_parent_id) as recommended_action_de,
    count(*) filter (where relationship_type = 'customer') as customers,
    count(*) filter (where relationship_type = 'lead') as leads,
    sum(net_revenue)::decimal(38, 2) as net_revenue,
    sum(open_gap)::decimal(38, 2) as achievable_gap,
from portfolio
left join codes on codes.code_group = 'action' and codes.code = portfolio.recommended_action
group by recommended_action
order by any_value(codes.place) nulls last, recommended_action
