-- What the page speaks of: the latest as-of date, and which customers and leads are drawn.
create temp table page_date as
select max(as_of_date) as as_of_date from mart_portfolio;

create temp table portfolio as
select
    mart_portfolio.* exclude (contribution_depth, customer_contribution, customer_contribution_margin_ratio),
    -- An older version took every cost as delivered.
    coalesce(contribution_depth, 4) as contribution_depth,
    case when contribution_depth is null then contribution_4 else customer_contribution end as customer_contribution,
    case
        when contribution_depth is null then contribution_4_margin_ratio else customer_contribution_margin_ratio
    end as customer_contribution_margin_ratio,
    -- Gaps are shown where something is to be developed and nobody set another zone.
    case
        when coalesce(
            is_gap_shown,
            zone in ('protection', 'development', 'new_customer', 'target_lead') and coalesce(override_zone, zone) = zone
        )
            then achievable_gap
    end as open_gap,
    zone in ('protection', 'development', 'maintain', 'withdrawal') as is_placed_customer,
    relationship_type = 'lead' and zone <> 'unrated' as is_placed_lead,
    wallet.product_group as next_product_group,
from mart_portfolio
left join (
    select as_of_date, ultimate_parent_id, min(product_group) as product_group
    from mart_share_of_wallet
    where is_next_best_product_group
    group by all
) as wallet using (as_of_date, ultimate_parent_id)
where as_of_date = (select as_of_date from page_date);

-- Half of the places go to the largest amounts of each zone, so that no zone looks empty; the rest first to the zones
-- where something is to be done.
create temp table drawn as
with

by_amount as (
    select
        ultimate_parent_id,
        zone,
        relationship_type,
        achievable_gap,
        abs(coalesce(customer_contribution, net_revenue)) as area,
        row_number() over (
            partition by relationship_type order by area desc nulls last, ultimate_parent_id
        ) as amount_rank,
        row_number() over (
            partition by relationship_type, zone order by area desc nulls last, ultimate_parent_id
        ) as zone_rank,
    from portfolio
    where is_placed_customer or is_placed_lead
),

by_place as (
    select
        ultimate_parent_id,
        relationship_type,
        area,
        row_number() over (
            partition by relationship_type
            order by
                relationship_type = 'customer' and zone_rank <= (select bubbles // 8 from limits) desc,
                zone in ('protection', 'development', 'target_lead') desc,
                case when relationship_type = 'lead' then coalesce(achievable_gap, 0) end desc nulls last,
                amount_rank
        ) as place,
    from by_amount
)

-- The largest first, so that small bubbles lie on top of them.
select
    ultimate_parent_id,
    relationship_type,
    row_number() over (order by relationship_type, area desc, ultimate_parent_id) as drawn_number,
from by_place
where place <= (select case relationship_type when 'lead' then leads else bubbles end from limits);
