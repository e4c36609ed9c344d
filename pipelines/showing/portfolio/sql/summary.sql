select
    count(*) filter (where relationship_type = 'customer') as customers,
    case
        when count(*) filter (where relationship_type = 'customer') = count(net_revenue) filter (where relationship_type = 'customer')
            then coalesce(sum(net_revenue) filter (where relationship_type = 'customer'), 0)
    end::decimal(38, 2) as net_revenue,
    max(contribution_depth) as contribution_depth,
    (sum(customer_contribution) filter (where relationship_type = 'customer'))::decimal(38, 2) as customer_contribution,
    (
        sum(customer_contribution) filter (where relationship_type = 'customer')
        / nullif(greatest(sum(net_revenue) filter (where relationship_type = 'customer'), 0), 0)
    )::decimal(18, 6) as customer_contribution_margin_ratio,
    count(cogs) > 0 as is_cogs_known,
    count(marketing_cost) > 0 as is_marketing_cost_known,
    count(sales_cost) > 0 as is_sales_cost_known,
    count(service_logistics_cost) > 0 as is_service_logistics_cost_known,
    (sum(contribution_4_low) filter (where relationship_type = 'customer'))::decimal(38, 2) as contribution_4_low,
    (sum(achievable_gap) filter (where relationship_type = 'customer'))::decimal(38, 2) as achievable_gap,
    count(achievable_gap) filter (where relationship_type = 'customer') as customers_with_estimate,
    (sum(potential_contribution) filter (where relationship_type = 'customer'))::decimal(38, 2)
        as potential_contribution,
    count(*) filter (where relationship_type = 'customer' and customer_contribution < 0) as loss_makers,
    coalesce(
        sum(customer_contribution) filter (where relationship_type = 'customer' and customer_contribution < 0), 0
    )::decimal(38, 2) as losses,
    count(*) filter (where relationship_type = 'customer' and customer_status = 'lapsed') as lapsed_customers,
    count(*) filter (where is_placed_customer) as placed_customers,
    count(*) filter (where is_placed_lead) as placed_leads,
    count(*) filter (where is_placed_customer and zone_status = 'provisional') as provisional_customers,
    count(*) filter (where relationship_type = 'customer' and zone = 'unrated') as unrated_customers,
    case
        when count(*) filter (where relationship_type = 'customer' and zone = 'unrated' and net_revenue is null) = 0
            then coalesce(sum(net_revenue) filter (where relationship_type = 'customer' and zone = 'unrated'), 0)
    end::decimal(38, 2) as unrated_revenue,
    (
        count(*) filter (where is_placed_customer)
        / nullif(count(*) filter (where relationship_type = 'customer'), 0)
    )::decimal(18, 6) as placed_ratio,
    count(*) filter (where relationship_type = 'customer' and zone = 'new_customer') as new_customers,
    case
        when count(*) filter (where relationship_type = 'customer' and zone = 'new_customer' and net_revenue is null) = 0
            then coalesce(sum(net_revenue) filter (where relationship_type = 'customer' and zone = 'new_customer'), 0)
    end::decimal(38, 2) as new_customer_revenue,
    count(*) filter (where relationship_type = 'lead') as leads,
    count(*) filter (where relationship_type = 'lead' and zone = 'target_lead') as target_leads,
    count(*) filter (where relationship_type = 'lead' and zone = 'unrated') as unrated_leads,
    (sum(achievable_gap) filter (where relationship_type = 'lead'))::decimal(38, 2) as lead_gap,
    count(*) filter (where is_rating_due) as ratings_due,
    count(*) filter (where is_hysteresis_hold) as held_by_hysteresis,
    max(logged_capacity_ratio) as logged_capacity_ratio,
    max(contribution_reliability) as contribution_reliability,
    max(zone_threshold) as zone_threshold,
    coalesce(max(reporting_currency), '') as reporting_currency,
    (select count(*) from drawn where relationship_type = 'customer') as drawn_customers,
    (select count(*) from drawn where relationship_type = 'lead') as drawn_leads,
from portfolio
