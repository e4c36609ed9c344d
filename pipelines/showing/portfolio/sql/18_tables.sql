-- The longer lists: the tasks, who moved since a quarter ago, who is served more than planned, where a wallet is still open.

-- Of each area and task the first ones, as many as the page may hold, in the order of the list.
create temp table told_tasks as
select * exclude (place, number)
from (
    select *, row_number() over (order by place, priority) as number
    from (
        select *, row_number() over (partition by owner_area, task order by priority) as place
        from mart_worklist
        where as_of_date = (select as_of_date from page_date)
    )
)
where number <= (select tasks from limits);

create temp table quarter as
select max(as_of_date) as before_date
from mart_zone_history
where as_of_date = last_day((select as_of_date from page_date) - interval 3 months);

create temp table moved as
with

now as (
    select * from mart_zone_history
    where as_of_date = (select as_of_date from page_date)
),

before as (
    select * from mart_zone_history
    where as_of_date = (select before_date from quarter)
),

-- When: the last month in between that changed the zone. Why: what changed the scores in that month, of which criterion, by levels,
-- other weights or late data.
turns as (
    select ultimate_parent_id, max(as_of_date) as moved_on
    from mart_zone_history
    where
        is_zone_change
        and as_of_date > (select before_date from quarter)
        and as_of_date <= (select as_of_date from page_date)
    group by ultimate_parent_id
),

changes as (
    select turns.ultimate_parent_id, change.* exclude (ultimate_parent_id, as_of_date)
    from turns
    inner join mart_score_change as change
        on
            turns.moved_on = change.as_of_date
            and turns.ultimate_parent_id = change.ultimate_parent_id
    where change.axis in ('potential', 'attractiveness')
),

reasons as (
    select
        ultimate_parent_id,
        sum(change_points) filter (where axis = 'potential')::decimal(9, 4) as potential_change,
        sum(change_points) filter (where axis = 'attractiveness')::decimal(9, 4) as attractiveness_change,
        sum(weight_effect_points)::decimal(9, 4) as weight_points,
        sum(late_data_effect_points)::decimal(9, 4) as late_data_points,
        arg_max(criterion_id, (abs(change_points), criterion_id)) filter (where change_points <> 0) as criterion_id,
        arg_max(change_points, (abs(change_points), criterion_id)) filter (where change_points <> 0)::decimal(9, 4)
            as criterion_points,
    from changes
    group by all
)

select
    now.ultimate_parent_id,
    turns.moved_on,
    before.zone as from_zone,
    now.zone as to_zone,
    coalesce(now.override_zone = now.zone, false) as is_set,
    now.net_revenue,
    (now.contribution_4 - before.contribution_4)::decimal(18, 2) as contribution_change,
    before.potential_score as potential_before,
    before.attractiveness_score as attractiveness_before,
    reasons.potential_change,
    reasons.attractiveness_change,
    reasons.criterion_id,
    reasons.criterion_points,
    reasons.weight_points,
    reasons.late_data_points,
    row_number() over (order by abs(now.net_revenue) desc nulls last, now.ultimate_parent_id) as position,
from now
inner join before using (ultimate_parent_id)
left join turns using (ultimate_parent_id)
left join reasons using (ultimate_parent_id)
where now.zone <> before.zone;

create temp table over_served as
select
    portfolio.ultimate_parent_id,
    levels.planned_visits,
    levels.actual_visits,
    (levels.field_hours + levels.inside_hours)::decimal(18, 2) as actual_hours,
    hours.allocated_field_hours,
    levels.avoidable_cost,
    row_number() over (order by levels.avoidable_cost desc, portfolio.ultimate_parent_id) as position,
from portfolio
inner join mart_service_levels as levels using (as_of_date, ultimate_parent_id)
left join mart_hours_allocation as hours
    on
        portfolio.as_of_date = hours.as_of_date
        and portfolio.ultimate_parent_id = hours.ultimate_parent_id
where levels.avoidable_cost > 0;

-- White space: the customers with the largest open gap, by the product groups with most of it.
create temp table open_wallets as
select
    wallet.ultimate_parent_id,
    wallet.product_group,
    wallet.achievable_gap,
    wallet.sow_capped_ratio,
    wallet.is_white_space,
from mart_share_of_wallet as wallet
inner join portfolio using (as_of_date, ultimate_parent_id)
where portfolio.open_gap > 0 and wallet.annual_demand > 0;

create temp table grid_groups as
select
    product_group,
    row_number() over (order by sum(achievable_gap) desc nulls last, product_group) as place,
from open_wallets
group by product_group
qualify place <= (select grid_groups from limits);

create temp table grid_customers as
select
    ultimate_parent_id,
    row_number() over (order by portfolio.open_gap desc, ultimate_parent_id) as place,
from portfolio
inner join (select distinct ultimate_parent_id from open_wallets) as wallets using (ultimate_parent_id)
qualify place <= (select table_rows from limits);
