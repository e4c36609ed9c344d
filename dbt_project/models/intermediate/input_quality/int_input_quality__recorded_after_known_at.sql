-- One row per as-of date and activity of its 12 months that is delivered, but was entered after what the date may know.
{{ config(meta={'decides': 'activities.recorded_at future'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

found as (
    select * from {{ ref('int_input_checks__activities') }}
),

final as (
    {{ found_activities(
        'recorded_after_known_at',
        when='found.recorded_at > dates.known_at and found.activity_date between dates.window_start and dates.as_of_date'
    ) }}
)

select * from final
