-- One row per as-of date and activity of its 12 months that was entered after its month was closed.
{{ config(meta={'decides': 'activities.recorded_at closed'}) }}
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

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

found as (
    select activities.*
    from activities
    cross join limits
    where activities.recorded_on > {{ add_days(month_end('activities.activity_date'), 'limits.period_closes_after_days') }}
),

final as (
    {{ found_activities('recorded_after_period_closed') }}
)

select * from final
