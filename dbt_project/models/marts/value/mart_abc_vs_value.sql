-- One row per as-of date and customer: the class revenue gives it, the rank its value gives it, and the five dangers of believing the
-- class (METHOD 1.10).
with

customer_values as (
    select * from {{ ref('int_value__customer') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
),

growth as (
    select * from {{ ref('int_loyalty__growth') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        customer_values.as_of_date,
        customer_values.ultimate_parent_id,
        customer_values.net_revenue,
        customer_values.abc_class,
        customer_values.cumulative_share_before as cumulative_share_before_ratio,
        customer_values.rank_revenue,
        customer_values.rank_contribution_4,
        customer_values.rank_customer_value,
        customer_values.customer_value_score,
        case
            when customer_values.customer_contribution is not null
                then customer_values.abc_class = 'A' and customer_values.customer_contribution < 0
        end as danger_1_high_revenue_negative_contribution,
        coalesce(growth.revenue_cagr_3y < parameters.decline_cagr_below, false)
        or coalesce(parents.credit_index >= parameters.weak_credit_index_from, false) as danger_2_declining_or_weak_credit,
        loyalty.churn_risk as danger_3_order_behaviour,
        customer_values.abc_class = 'C'
        and coalesce(scores.potential_score >= parameters.zone_threshold, false) as danger_4_c_class_high_potential,
        potential.achievable_gap as danger_5_untapped_wallet,
        parameters.method_version
    from customer_values
    inner join parents
        on
            customer_values.as_of_date = parents.as_of_date
            and customer_values.ultimate_parent_id = parents.ultimate_parent_id
    inner join loyalty
        on
            customer_values.as_of_date = loyalty.as_of_date
            and customer_values.ultimate_parent_id = loyalty.ultimate_parent_id
    inner join potential
        on
            customer_values.as_of_date = potential.as_of_date
            and customer_values.ultimate_parent_id = potential.ultimate_parent_id
    inner join scores
        on
            customer_values.as_of_date = scores.as_of_date
            and customer_values.ultimate_parent_id = scores.ultimate_parent_id
    cross join parameters
    left join growth
        on
            customer_values.as_of_date = growth.as_of_date
            and customer_values.ultimate_parent_id = growth.ultimate_parent_id
)

select * from final
