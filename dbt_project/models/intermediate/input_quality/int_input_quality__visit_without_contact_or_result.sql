-- One row per as-of date and visit of its 12 months that names neither whom it met nor what came of it.
{{ config(meta={'decides': 'activities.outcome missing'}) }}
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
    where is_visit and contact_key is null and outcome is null
),

final as (
    {{ found_activities('visit_without_contact_or_result') }}
)

select * from final
