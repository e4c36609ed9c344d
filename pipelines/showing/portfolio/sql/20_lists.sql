-- The short lists: who stands in which, in which order.
create temp table listed as
with

dangers as (
    select abc.*, portfolio.net_revenue as revenue, portfolio.contribution_4, portfolio.achievable_gap
    from mart_abc_vs_value as abc
    inner join portfolio using (as_of_date, ultimate_parent_id)
),

candidates as (
    select 'top_value' as list_name, ultimate_parent_id, rank_customer_value as position
    from portfolio
    where rank_customer_value is not null
    union all
    select
        'largest_gap' as list_name,
        ultimate_parent_id,
        row_number() over (order by achievable_gap desc, ultimate_parent_id) as position,
    from portfolio
    where relationship_type = 'customer' and achievable_gap > 0 and coalesce(is_gap_shown, true)
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
        row_number() over (order by contribution_4, ultimate_parent_id) as position,
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
        when list_name in ('top_value', 'largest_gap') then (select table_rows from limits)
        else (select examples from limits)
    end;

create temp table detailed as
select ultimate_parent_id, row_number() over (order by ultimate_parent_id) - 1 as detail_number
from (
    select ultimate_parent_id from drawn
    union
    select ultimate_parent_id from listed
);
