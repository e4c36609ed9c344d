-- One row per as-of date and customer: the class revenue gives it, the rank its value gives it, and the five dangers of believing the
-- class (METHOD 1.10).
with

customer_values as (
    select * from {{ ref('int_value__customer') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_shown() }}
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

zones as (
    select * from {{ ref('int_zones__history') }}
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
        -- Each is true, false or, where what it asks for is not known, neither.
        case
            when customer_values.customer_contribution is not null
                then customer_values.abc_class = 'A' and customer_values.customer_contribution < 0
        end as danger_1_high_revenue_negative_contribution,
        case
            when coalesce(growth.revenue_cagr_3y, growth.revenue_yoy) is not null or parents.credit_index is not null
                then
                    coalesce(coalesce(growth.revenue_cagr_3y, growth.revenue_yoy) < parameters.decline_cagr_below, false)
                    or coalesce(parents.credit_index >= parameters.weak_credit_index_from, false)
        end as danger_2_declining_or_weak_credit,
        case
            -- Too young to have a rhythm.
            when zones.zone_status = 'observation' then false
            when loyalty.recency_ratio is not null then loyalty.recency_ratio > parameters.churn_recency_ratio_above
        end as danger_3_order_behaviour,
        case
            when customer_values.abc_class <> 'C' then false
            when scores.potential_coverage >= parameters.min_coverage_weight then scores.potential_score >= parameters.zone_threshold
        end as danger_4_c_class_high_potential,
        potential.achievable_gap as danger_5_untapped_wallet,
        {{ portfolio_key('customer_values') }} as portfolio_key,
        {{ is_latest('customer_values') }} as is_latest,
        parameters.method_version
    from customer_values
    inner join contributions
        on
            customer_values.as_of_date = contributions.as_of_date
            and customer_values.ultimate_parent_id = contributions.ultimate_parent_id
    inner join zones
        on
            customer_values.as_of_date = zones.as_of_date
            and customer_values.ultimate_parent_id = zones.ultimate_parent_id
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
