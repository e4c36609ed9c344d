-- One row per as-of date and activity of its 12 months without a duration: its type's standard minutes stand in.
{{ config(meta={'decides': 'activities.duration_minutes missing'}) }}
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

found as (
    select * from activities
    where duration_minutes is null
),

final as (
    {{ found_activities('duration_missing') }}
)

select * from final
