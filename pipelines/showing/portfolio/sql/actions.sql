select
    recommended_action,
    any_value(recommended_action_en order by ultimate_parent_id) as text_en,
    any_value(recommended_action_de order by ultimate_parent_id) as text_de,
    count(*) filter (where relationship_type = 'customer') as customers,
    count(*) filter (where relationship_type = 'lead') as leads,
    sum(net_revenue)::decimal(38, 2) as net_revenue,
    sum(achievable_gap)::decimal(38, 2) as achievable_gap,
from portfolio
group by recommended_action
order by
    coalesce(
        list_position(
            [
                'protection_defend', 'rate_first', 'protection', 'development', 'observation', 'maintain', 'withdrawal',
                'target_lead', 'nurture_lead', 'disqualified_lead'
            ],
            recommended_action
        ),
        99
    ),
    recommended_action
