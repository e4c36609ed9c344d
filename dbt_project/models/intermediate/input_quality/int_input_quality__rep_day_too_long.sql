-- One row per as-of date and activity of its 12 months on a day for which one person logged more hours than a day holds.
{{ config(meta={'decides': 'activities.duration_minutes plausible'}) }}
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

-- What begins at one moment is one stretch of time, entered for several accounts or twice; what has no time is a stretch of its own. A
-- missing duration says nothing.
stretches as (
    select
        rep_key,
        activity_date,
        activity_type,
        activity_at,
        max(duration_minutes) as minutes
    from activities
    where rep_key is not null and duration_minutes is not null
    group by rep_key, activity_date, activity_type, activity_at, case when not coalesce(has_time, true) then activity_id end
),

rep_days as (
    select
        stretches.rep_key,
        stretches.activity_date
    from stretches
    cross join limits
    group by stretches.rep_key, stretches.activity_date
    having sum(stretches.minutes) > max(60 * limits.rep_day_max_hours)
),

found as (
    select activities.*
    from activities
    inner join rep_days
        on
            activities.rep_key = rep_days.rep_key
            and activities.activity_date = rep_days.activity_date
    where activities.duration_minutes is not null
),

final as (
    {{ found_activities('rep_day_too_long') }}
)

select * from final
