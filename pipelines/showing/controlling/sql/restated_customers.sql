select
    mart_restatements.restated_version,
    mart_restatements.month_start,
    mart_restatements.ultimate_parent_id,
    mart_portfolio.customer_name,
    mart_restatements.old_net_revenue,
    mart_restatements.new_net_revenue,
    mart_restatements.delta_net_revenue,
    mart_restatements.old_contribution_4,
    mart_restatements.new_contribution_4,
    mart_restatements.delta_contribution_4,
    coalesce(mart_restatements.is_method_changed, false) as is_method_changed,
from mart_restatements
left join mart_portfolio
    on
        mart_restatements.ultimate_parent_id = mart_portfolio.ultimate_parent_id
        and mart_portfolio.as_of_date = (select page.as_of_date from page)
order by mart_restatements.restated_version desc, mart_restatements.month_start desc, mart_restatements.ultimate_parent_id
