-- What every chart must say: its file's name in bi/superset/assets/charts, then SQL on the marts, columns in the chart's order. Written from
-- the charts' titles, not from their files: tables with is_latest instead of current_ views, measures spelt out. `controlling` is attached.

-- campaigns_activities_of_campaigns
select campaign_name, campaign_id, sum(campaign_activities) from mart_campaign_effects where is_latest group by 1, 2;
-- campaigns_campaigns_and_what_is_known_of_them
select
    campaign_name, campaign_quarter, phase, n_treated, n_control, months_compared, effect, interval_low, interval_high, is_pretrend_ok, verdict,
    effect_status
from mart_campaign_effects where is_latest;
-- campaigns_effect_of_measured_campaigns
select campaign_name, campaign_id, effect from mart_campaign_effects where is_latest and effect is not null;
-- campaigns_six_steps_of_the_programme
select step_number, step_en, measure, target, is_done, agreed_on from mart_programme where is_latest;
-- campaigns_whom_campaigns_should_treat
select
    m.campaign_name, m.candidate_rank, c.customer_name || ' · ' || m.ultimate_parent_id, z.label_en, m.candidate_rule, m.is_member, m.is_control,
    m.potential_contribution
from mart_campaign_candidates m join dim_customer_current c using (ultimate_parent_id) left join dim_zone z using (zone)
where m.is_latest and m.is_candidate order by m.campaign_id, m.candidate_rank limit 200;
-- contribution_and_whale_curve_contribution_by_month
select month_start, sum(net_revenue), sum(contribution_1), sum(contribution_4) from mart_contribution_month group by 1;
-- contribution_and_whale_curve_contribution_iv_by_region
select c.region, sum(m.contribution_4) from mart_contribution_month m left join dim_customer_current c using (ultimate_parent_id) group by 1;
-- contribution_and_whale_curve_from_gross_list_revenue_to_contribution_iv
select
    relationship_type, sum(gross_list_revenue), sum(revenue_deductions), sum(net_revenue), sum(cogs), sum(contribution_1), sum(marketing_cost),
    sum(sales_cost), sum(service_logistics_cost), sum(contribution_4)
from mart_contribution_month group by 1;
-- contribution_and_whale_curve_margin_i_by_month
select month_start, sum(contribution_1) / sum(net_revenue) from mart_contribution_month group by 1;
-- contribution_and_whale_curve_the_tail_of_the_whale_curve
select
    m.whale_rank, c.customer_name || ' · ' || m.ultimate_parent_id, c.region, c.industry_code, m.contribution_4, m.cumulative_contribution,
    m.cumulative_contribution_ratio
from mart_whale_curve m join dim_customer_current c using (ultimate_parent_id) where m.is_latest order by m.whale_rank desc limit 50;
-- contribution_and_whale_curve_whale_curve
select whale_rank, cumulative_contribution from mart_whale_curve where is_latest;
-- customer_360_net_revenue_12_months
select sum(net_revenue) from mart_portfolio where is_latest;
-- customer_360_contribution_12_months
select sum(customer_contribution) from mart_portfolio where is_latest;
-- customer_360_could_be_won_a_year
select sum(achievable_gap) from mart_portfolio where is_latest;
-- customer_360_demand_of_a_year
select sum(annual_demand) from mart_portfolio where is_latest;
-- customer_360_demand_and_what_we_serve
select product_group, sum(annual_demand), sum(least(annual_demand, greatest(0, coalesce(net_revenue, 0)))) filter (where annual_demand is not null)
from mart_share_of_wallet where is_latest group by 1;
-- customer_360_loyalty_and_growth
select
    c.customer_name || ' · ' || m.ultimate_parent_id, m.tenure_years, m.last_order_date, m.churn_risk, m.repeat_probability, m.revenue_cagr_3y
from mart_loyalty_growth m join dim_customer_current c using (ultimate_parent_id) where m.is_latest
order by m.repeat_probability desc nulls last, m.ultimate_parent_id limit 20;
-- customer_360_payment_and_prices
select
    c.customer_name || ' · ' || m.ultimate_parent_id, m.credit_index, m.payment_terms_days, m.weighted_days_beyond_terms, m.overdue_amount,
    m.price_realisation_ratio
from mart_customer_finance m join dim_customer_current c using (ultimate_parent_id) where m.is_latest
order by m.overdue_amount desc nulls last, m.ultimate_parent_id limit 20;
-- customer_360_revenue_and_contribution_by_month
select month_start, sum(net_revenue), sum(contribution_1), sum(contribution_4) from mart_contribution_month group by 1;
-- customer_360_tasks_about_the_customer
select
    m.priority, t.label_en, m.customer_name || ' · ' || m.ultimate_parent_id, m.due_on, m.money, m.money_kind, m.happened, m.next_step
from mart_worklist m join dim_task t using (task) where m.is_latest order by m.priority limit 20;
-- customer_360_where_it_stands
select
    m.customer_name || ' · ' || m.ultimate_parent_id, z.label_en, s.label_en, t.label_en, m.abc_class, m.potential_score, m.attractiveness_score,
    m.last_contact_date, m.recommended_action_en
from mart_portfolio m join dim_zone z using (zone) left join dim_zone_status s using (zone_status) left join dim_customer_type t using (customer_type)
where m.is_latest order by m.rank_customer_value nulls last limit 20;
-- portfolio_contribution_margin
select sum(customer_contribution) / sum(net_revenue) from mart_portfolio where is_latest;
-- portfolio_contribution_of_12_months_by_zone
select z.label_en, sum(m.customer_contribution) from mart_portfolio m join dim_zone z using (zone) where m.is_latest group by 1;
-- portfolio_customers_and_leads
select count(*) from mart_portfolio where is_latest;
-- portfolio_customers_and_leads_by_zone
select z.label_en, s.label_en, count(*)
from mart_portfolio m join dim_zone z using (zone) left join dim_zone_status s using (zone_status) where m.is_latest group by 1, 2;
-- portfolio_most_valuable_customers
select
    m.rank_customer_value, m.customer_name || ' · ' || m.ultimate_parent_id, z.label_en, s.label_en, m.region, m.net_revenue,
    m.customer_contribution, m.customer_contribution_margin_ratio, m.sow_capped_ratio, m.achievable_gap, m.recommended_action_en
from mart_portfolio m join dim_zone z using (zone) left join dim_zone_status s using (zone_status)
where m.is_latest and m.rank_customer_value is not null order by m.rank_customer_value limit 100;
-- portfolio_moves_between_zones
select there.label_en, here.label_en, sum(m.score_objects)
from mart_zone_migration m join dim_zone here on here.zone = m.from_zone join dim_zone there on there.zone = m.to_zone
where m.is_latest and m.from_zone <> m.to_zone group by 1, 2;
-- portfolio_net_revenue_of_12_months
select sum(net_revenue) from mart_portfolio where is_latest;
-- portfolio_potential_and_attractiveness
select z.label_en, m.customer_name || ' · ' || m.ultimate_parent_id, m.attractiveness_score, m.potential_score, m.net_revenue
from mart_portfolio m join dim_zone z using (zone)
where m.is_latest and m.attractiveness_score is not null and m.potential_score is not null;
-- portfolio_untapped_potential
select sum(achievable_gap) from mart_portfolio where is_latest;
-- sales_input_and_sources_activities_by_month
select month_start, activity_type, sum(activities) from mart_sales_input where is_latest group by 1, 2;
-- sales_input_and_sources_doubtful_activities_by_month
select month_start, check_id, count(*) from controlling.mart_input_quality_rows where is_latest and table_name = 'activities' group by 1, 2;
-- sales_input_and_sources_doubtful_entries_by_check
select check_text_en, check_id, sum(affected_rows), sum(affected_amount) from mart_input_quality where is_latest group by 1, 2;
-- sales_input_and_sources_hours_logged_by_month
select month_start, pool, sum(logged_hours) from mart_sales_input where is_latest group by 1, 2;
-- sales_input_and_sources_rows_to_look_at_first
select check_id, severity, table_name, row_id, area, month_start, affected_amount, file_name, line_number
from controlling.mart_input_quality_rows where is_latest and affected_amount is not null
order by affected_amount desc, check_id, row_id limit 100;
-- sales_input_and_sources_what_was_delivered
select
    source_name, source_system, delivery_light, last_delivered_at, last_data_date, rows_read, rows_used, rows_set_aside, rows_filtered,
    rows_lost_in_mapping
from mart_source_status;
-- service_levels_and_capacity_cost_of_care_beyond_the_plan
select sum(avoidable_cost) from mart_portfolio where is_latest;
-- service_levels_and_capacity_field_hours_of_next_year_by_zone
select z.label_en, sum(m.allocated_field_hours), sum(m.minimum_hours)
from mart_hours_allocation m left join dim_zone z on z.zone = m.service_zone where m.is_latest group by 1;
-- service_levels_and_capacity_hours_there_are_and_hours_logged
select pool, practical_hours, logged_hours from mart_capacity where is_latest;
-- service_levels_and_capacity_longest_without_contact
select
    c.customer_name || ' · ' || m.ultimate_parent_id, z.label_en, c.owner_area, m.last_contact_date, m.days_since_last_contact,
    m.max_contact_gap_days, m.planned_visits, m.actual_visits
from mart_service_levels m join dim_customer_current c using (ultimate_parent_id) left join dim_zone z on z.zone = m.service_zone
where m.is_latest and m.contact_gap_breach and m.days_since_last_contact is not null
order by m.days_since_last_contact desc, m.ultimate_parent_id limit 100;
-- service_levels_and_capacity_resource_pools
select
    pool, practical_hours, logged_hours, logged_capacity_ratio, pool_cost, unused_capacity_cost, next_year_practical_hours, capacity_gap_hours
from mart_capacity where is_latest;
-- service_levels_and_capacity_visits_beyond_the_plan
select sum(over_visits) from mart_service_levels where is_latest;
-- service_levels_and_capacity_visits_planned_and_made_by_zone
select z.label_en, sum(m.planned_visits), sum(m.actual_visits)
from mart_service_levels m left join dim_zone z on z.zone = m.service_zone where m.is_latest group by 1;
-- service_levels_and_capacity_visits_short_of_the_plan
select sum(under_visits) from mart_service_levels where is_latest;
-- share_of_wallet_demand_and_what_we_serve_of_it
select product_group, sum(annual_demand), sum(least(annual_demand, greatest(0, coalesce(net_revenue, 0)))) filter (where annual_demand is not null)
from mart_share_of_wallet where is_latest and annual_demand is not null group by 1;
-- share_of_wallet_estimated_demand_of_a_year
select sum(annual_demand) from mart_share_of_wallet where is_latest;
-- share_of_wallet_product_groups_we_do_not_supply_yet
select c.customer_name || ' · ' || m.ultimate_parent_id, m.product_group, m.annual_demand, m.achievable_gap, m.estimate_valid_from
from mart_share_of_wallet m join dim_customer_current c using (ultimate_parent_id)
where m.is_latest and m.is_white_space and m.achievable_gap is not null
order by m.achievable_gap desc, m.ultimate_parent_id, m.product_group limit 100;
-- share_of_wallet_share_of_all_demand
select sum(least(annual_demand, greatest(0, coalesce(net_revenue, 0)))) filter (where annual_demand is not null) / sum(annual_demand) from mart_share_of_wallet where is_latest;
-- share_of_wallet_share_of_wallet_by_product_group
select product_group, sum(least(annual_demand, greatest(0, coalesce(net_revenue, 0)))) filter (where annual_demand is not null) / sum(annual_demand)
from mart_share_of_wallet where is_latest and annual_demand is not null group by 1;
-- share_of_wallet_untapped_potential_by_region
select c.region, sum(m.achievable_gap)
from mart_share_of_wallet m left join dim_customer_current c using (ultimate_parent_id) where m.is_latest group by 1;
-- share_of_wallet_what_could_be_won_a_year
select sum(achievable_gap) from mart_share_of_wallet where is_latest;
-- work_list_tasks_by_kind
select t.label_en, count(*) from mart_worklist m join dim_task t using (task) where m.is_latest group by 1;
-- work_list_tasks_by_owner_area
select m.owner_area, z.label_en, count(*) from mart_worklist m left join dim_zone z using (zone) where m.is_latest group by 1, 2;
-- work_list_tasks_by_the_month_they_are_due
select date_trunc('month', m.due_on), t.label_en, count(*) from mart_worklist m join dim_task t using (task) where m.is_latest group by 1, 2;
-- work_list_tasks_due
select count(*) from mart_worklist where is_latest;
-- work_list_what_to_do_first
select
    m.priority, t.label_en, m.customer_name || ' · ' || m.ultimate_parent_id, m.owner_area, z.label_en, m.due_on, m.money, m.money_kind,
    m.happened, m.next_step
from mart_worklist m join dim_task t using (task) left join dim_zone z using (zone) where m.is_latest order by m.priority limit 200;
