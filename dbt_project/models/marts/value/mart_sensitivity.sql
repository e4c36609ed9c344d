-- One row per as-of date and score object: how far its zone depends on the exact thresholds and weights.
with

sensitivity as (
    select * from {{ ref('int_scores__sensitivity') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        sensitivity.as_of_date,
        sensitivity.ultimate_parent_id,
        sensitivity.threshold_stability,
        sensitivity.weight_stability,
        sensitivity.distance_to_threshold,
        {{ portfolio_key('sensitivity') }} as portfolio_key,
        {{ is_latest('sensitivity') }} as is_latest,
        parameters.method_version
    from sensitivity
    cross join parameters
)

select * from final
