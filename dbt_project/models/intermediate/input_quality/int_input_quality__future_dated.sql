-- One row per as-of date and activity that lies after the date and after everything known then: planned, not done.
{{ config(meta={'decides': 'activities.activity_at future'}) }}
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
        'future_dated',
        when='found.activity_date > dates.as_of_date and found.activity_at > dates.known_at'
    ) }}
)

select * from final
