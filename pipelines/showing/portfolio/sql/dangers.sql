-- S3's five dangers of believing the ABC class (METHOD 1.10): how many customers, of how many it could be
-- asked, and how much of what.
with

dangers as (
    select mart_abc_vs_value.*, portfolio.customer_contribution
    from mart_abc_vs_value
    inner join portfolio using (as_of_date, ultimate_parent_id)
)

select
    '1' as danger,
    count(*) filter (danger_1_high_revenue_negative_contribution) as customers,
    count(danger_1_high_revenue_negative_contribution) as judged,
    (sum(customer_contribution) filter (danger_1_high_revenue_negative_contribution))::decimal(38, 2) as amount,
from dangers
union all
select
    '2' as danger,
    count(*) filter (danger_2_declining_or_weak_credit) as customers,
    count(danger_2_declining_or_weak_credit) as judged,
    (sum(net_revenue) filter (danger_2_declining_or_weak_credit))::decimal(38, 2) as amount,
from dangers
union all
select
    '3' as danger,
    count(*) filter (danger_3_order_behaviour) as customers,
    count(danger_3_order_behaviour) as judged,
    (sum(net_revenue) filter (danger_3_order_behaviour))::decimal(38, 2) as amount,
from dangers
union all
select
    '4' as danger,
    count(*) filter (danger_4_c_class_high_potential) as customers,
    count(danger_4_c_class_high_potential) as judged,
    (sum(danger_5_untapped_wallet) filter (danger_4_c_class_high_potential))::decimal(38, 2) as amount,
from dangers
union all
select
    '5' as danger,
    count(*) filter (danger_5_untapped_wallet > 0) as customers,
    count(danger_5_untapped_wallet) as judged,
    (sum(danger_5_untapped_wallet) filter (danger_5_untapped_wallet > 0))::decimal(38, 2) as amount,
from dangers
order by danger
