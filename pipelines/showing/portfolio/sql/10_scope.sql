-- What the page speaks of: the latest as-of date, and which customers and leads are drawn.
create temp table page_date as
select max(as_of_date) as as_of_date from mart_portfolio;

create temp table portfolio as
select
    mart_portfolio.*,
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
        contribution_4,
        row_number() over (
            partition by relationship_type order by abs(contribution_4) desc, ultimate_parent_id
        ) as amount_rank,
        row_number() over (
            partition by relationship_type, zone order by abs(contribution_4) desc, ultimate_parent_id
        ) as zone_rank,
    from portfolio
    where is_placed_customer or is_placed_lead
),

by_place as (
    select
        ultimate_parent_id,
        relationship_type,
        abs(contribution_4) as area,
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
