-- One row per as-of date and customer: value of the customer to us against value we are to the customer, with bounds and evidence
-- (METHOD 1.9). A second matrix, not the portfolio.
with

customer_values as (
    select * from {{ ref('int_value__customer') }}
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        customer_values.as_of_date,
        customer_values.ultimate_parent_id,
        scores.value_of_customer_score,
        scores.value_of_customer_low as value_of_customer_score_low,
        scores.value_of_customer_high as value_of_customer_score_high,
        scores.value_of_customer_coverage as value_of_customer_coverage_points,
        scores.value_to_customer_score,
        scores.value_to_customer_low as value_to_customer_score_low,
        scores.value_to_customer_high as value_to_customer_score_high,
        scores.value_to_customer_coverage as value_to_customer_coverage_points,
        customer_values.customer_type,
        customer_values.previous_customer_type,
        contributions.discount_rate_ratio,
        case when contributions.net_revenue > 0 then {{ ratio(exact_div('contributions.promotion_net_revenue', 'contributions.net_revenue')) }} end as promotion_share_ratio,
        loyalty.churn_risk,
        {{ portfolio_key('customer_values') }} as portfolio_key,
        {{ is_latest('customer_values') }} as is_latest,
        parameters.method_version
    from customer_values
    inner join scores
        on
            customer_values.as_of_date = scores.as_of_date
            and customer_values.ultimate_parent_id = scores.ultimate_parent_id
    inner join contributions
        on
            customer_values.as_of_date = contributions.as_of_date
            and customer_values.ultimate_parent_id = contributions.ultimate_parent_id
    inner join loyalty
        on
            customer_values.as_of_date = loyalty.as_of_date
            and customer_values.ultimate_parent_id = loyalty.ultimate_parent_id
    cross join parameters
)

select * from final
