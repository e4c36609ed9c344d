-- One row per as-of date and activity of its 12 months that was entered long after it took place.
{{ config(meta={'decides': 'activities.recorded_at late'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

activities as (
    select * from {{ ref('int_input_checks__activities') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

found as (
    select activities.*
    from activities
    cross join parameters
    where {{ days_between('activities.activity_date', 'activities.recorded_on') }} > parameters.backdated_after_days
),

final as (
    {{ found_activities('backdated_activity') }}
)

select * from final
