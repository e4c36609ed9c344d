select
    detailed.detail_number,
    drawn.drawn_number,
    portfolio.ultimate_parent_id,
    customer_name,
    portfolio.relationship_type,
    zone,
    raw_zone,
    zone_status,
    zone_status_reasons,
    service_zone,
    possible_zones,
    is_hysteresis_hold,
    coalesce(is_treatment_frozen, false) as is_treatment_frozen,
    coalesce(is_rating_due, false) as is_rating_due,
    override_zone,
    override_reason,
    potential_score,
    potential_score_low,
    potential_score_high,
    attractiveness_score,
    attractiveness_score_low,
    attractiveness_score_high,
    net_revenue,
    customer_contribution,
    contribution_4_low,
    customer_contribution_margin_ratio,
    sales_cost,
    effort_value_index,
    open_gap as achievable_gap,
    case when open_gap is not null then potential_contribution end as potential_contribution,
    sow_capped_ratio,
    case when open_gap is not null then next_product_group end as next_product_group,
    customer_value_score,
    rank_customer_value,
    abc_class,
    customer_type,
    coalesce(is_key_account, false) as is_key_account,
    case when open_gap is not null then blocking_criterion_id end as blocking_criterion_id,
    recommended_action,
    recommended_action_en,
    recommended_action_de,
    action_reason,
    mart_loyalty_growth.tenure_years,
    mart_loyalty_growth.last_order_date,
    changed.revenue_yoy,
    changed.revenue_change,
    stopped.revenue_to_last_order,
from detailed
inner join portfolio using (ultimate_parent_id)
left join mart_loyalty_growth
    on
        portfolio.as_of_date = mart_loyalty_growth.as_of_date
        and portfolio.ultimate_parent_id = mart_loyalty_growth.ultimate_parent_id
left join changed using (ultimate_parent_id)
left join stopped using (ultimate_parent_id)
left join drawn using (ultimate_parent_id)
order by detailed.detail_number
