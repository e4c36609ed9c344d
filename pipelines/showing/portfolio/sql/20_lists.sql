-- What became of each customer's revenue: against the year before, and up to the last order of who stopped ordering.
create temp table changed as
select
    portfolio.ultimate_parent_id,
    growth.revenue_yoy,
    (portfolio.net_revenue - growth.prior_net_revenue)::decimal(18, 2) as revenue_change,
from portfolio
inner join mart_loyalty_growth as growth using (as_of_date, ultimate_parent_id)
where portfolio.relationship_type = 'customer' and growth.revenue_yoy is not null;

create temp table stopped as
select
    portfolio.ultimate_parent_id,
    growth.last_order_date,
    sum(months.net_revenue)::decimal(18, 2) as revenue_to_last_order,
from portfolio
inner join mart_loyalty_growth as growth using (as_of_date, ultimate_parent_id)
left join mart_contribution_month as months
    on
        portfolio.ultimate_parent_id = months.ultimate_parent_id
        and months.month_start > growth.last_order_date - interval 12 months
        and months.month_start <= growth.last_order_date
where portfolio.relationship_type = 'customer' and portfolio.customer_status = 'lapsed'
group by all;

-- The short lists: who stands in which, in which order.
create temp table listed as
with

dangers as (
    select abc.*, portfolio.net_revenue as revenue, portfolio.customer_contribution, portfolio.achievable_gap
    from mart_abc_vs_value as abc
    inner join portfolio using (as_of_date, ultimate_parent_id)
),

candidates as (
    select 'top_value' as list_name, ultimate_parent_id, rank_customer_value as position
    from portfolio
    where customer_value_score is not null
    union all
    select
        'largest_gap' as list_name,
        ultimate_parent_id,
        row_number() over (order by open_gap desc, ultimate_parent_id) as position,
    from portfolio
    where relationship_type = 'customer' and open_gap > 0
    union all
    -- Who is largest where nobody has a value yet: by what is known of all.
    select
        'largest' as list_name,
        ultimate_parent_id,
        row_number() over (order by customer_contribution desc nulls last, net_revenue desc nulls last, ultimate_parent_id) as position,
    from portfolio
    where relationship_type = 'customer' and net_revenue is not null
    union all
    select
        'growing' as list_name,
        ultimate_parent_id,
        row_number() over (order by revenue_change desc, ultimate_parent_id) as position,
    from changed
    where revenue_change > 0
    union all
    select
        'shrinking' as list_name,
        ultimate_parent_id,
        row_number() over (order by revenue_change, ultimate_parent_id) as position,
    from changed
    where revenue_change < 0
    union all
    select
        'stopped' as list_name,
        ultimate_parent_id,
        row_number() over (order by revenue_to_last_order desc nulls last, ultimate_parent_id) as position,
    from stopped
    -- Of who bought before anything was delivered nobody knows how much.
    where coalesce(revenue_to_last_order > 0, true)
    union all
    select
        'unrated' as list_name,
        ultimate_parent_id,
        row_number() over (order by net_revenue desc, ultimate_parent_id) as position,
    from portfolio
    where relationship_type = 'customer' and zone = 'unrated'
    union all
    select
        'new_customer' as list_name,
        ultimate_parent_id,
        row_number() over (order by net_revenue desc, ultimate_parent_id) as position,
    from portfolio
    where relationship_type = 'customer' and zone = 'new_customer'
    union all
    select
        'lead' as list_name,
        ultimate_parent_id,
        row_number() over (
            order by zone = 'target_lead' desc, coalesce(achievable_gap, 0) desc, ultimate_parent_id
        ) as position,
    from portfolio
    where relationship_type = 'lead' and zone <> 'disqualified_lead'
    union all
    select
        'danger_1' as list_name,
        ultimate_parent_id,
        row_number() over (order by customer_contribution, ultimate_parent_id) as position,
    from dangers
    where danger_1_high_revenue_negative_contribution
    union all
    select
        'danger_2' as list_name,
        ultimate_parent_id,
        row_number() over (order by revenue desc, ultimate_parent_id) as position,
    from dangers
    where danger_2_declining_or_weak_credit
    union all
    select
        'danger_3' as list_name,
        ultimate_parent_id,
        row_number() over (order by revenue desc, ultimate_parent_id) as position,
    from dangers
    where danger_3_order_behaviour
    union all
    select
        'danger_4' as list_name,
        ultimate_parent_id,
        row_number() over (order by coalesce(achievable_gap, 0) desc, ultimate_parent_id) as position,
    from dangers
    where danger_4_c_class_high_potential
    union all
    select
        'danger_5' as list_name,
        ultimate_parent_id,
        row_number() over (order by danger_5_untapped_wallet desc, ultimate_parent_id) as position,
    from dangers
    where danger_5_untapped_wallet > 0
)

select list_name, ultimate_parent_id, position
from candidates
where
    position <= case
        when list_name in ('top_value', 'largest', 'largest_gap', 'stopped') then (select table_rows from limits)
        when list_name in ('growing', 'shrinking') then (select table_rows // 2 + 1 from limits)
        else (select examples from limits)
    end;

create temp table detailed as
select ultimate_parent_id, row_number() over (order by ultimate_parent_id) - 1 as detail_number
from (
    select ultimate_parent_id from drawn
    union
    select ultimate_parent_id from listed
    union
    select ultimate_parent_id from told_tasks
    union
    select ultimate_parent_id from moved
    where position <= (select moves from limits)
    union
    select ultimate_parent_id from over_served
    where position <= (select table_rows from limits)
    union
    select ultimate_parent_id from grid_customers
    union
    select ultimate_parent_id
    from (
        select
            ultimate_parent_id,
            row_number() over (order by net_revenue desc nulls last, ultimate_parent_id) as place,
        from portfolio
    )
    where place <= (select cards from limits)
)
-- Own companies may have tasks, but are no customers.
where ultimate_parent_id in (select ultimate_parent_id from portfolio);
