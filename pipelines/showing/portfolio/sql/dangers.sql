-- S3's five dangers of believing the ABC class (METHOD 1.10): how many customers, and how much of what.
with

dangers as (
    select mart_abc_vs_value.*, portfolio.contribution_4
    from mart_abc_vs_value
    inner join portfolio using (as_of_date, ultimate_parent_id)
)

select '1' as danger, count(*) as customers, sum(contribution_4)::decimal(38, 2) as amount
from dangers
where danger_1_high_revenue_negative_contribution
union all
select '2' as danger, count(*) as customers, sum(net_revenue)::decimal(38, 2) as amount
from dangers
where danger_2_declining_or_weak_credit
union all
select '3' as danger, count(*) as customers, sum(net_revenue)::decimal(38, 2) as amount
from dangers
where danger_3_order_behaviour
union all
select '4' as danger, count(*) as customers, sum(danger_5_untapped_wallet)::decimal(38, 2) as amount
from dangers
where danger_4_c_class_high_potential
union all
select '5' as danger, count(*) as customers, sum(danger_5_untapped_wallet)::decimal(38, 2) as amount
from dangers
where danger_5_untapped_wallet > 0
order by danger
