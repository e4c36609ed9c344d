-- One row per as-of date and axis of a scorecard whose weights are not positive or do not add up to 100.
{{ config(meta={'decides': 'scorecard_criteria.weight_points sum'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

criteria as (
    select * from {{ ref('stg_settings__scorecard_criteria') }}
),

found as (
    select scorecard, axis
    from criteria
    group by scorecard, axis
    having sum(weight_points) <> 100 or min(weight_points) <= 0
),

final as (
    select
        dates.as_of_date,
        {{ finding('weights_do_not_add_up', 'scorecard_criteria', "found.scorecard || '|' || found.axis", month_start('dates.as_of_date')) }}
    from found
    cross join dates
)

select * from final
