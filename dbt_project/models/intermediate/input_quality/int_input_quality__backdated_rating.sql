-- One row per as-of date and rating entered in its 12 months, long after the day it is valid from.
{{ config(meta={'decides': 'ratings.recorded_at late'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

ratings as (
    select * from {{ ref('int_input_checks__ratings') }}
),

found as (
    select ratings.*
    from ratings
    cross join limits
    where {{ days_between('ratings.valid_from', 'ratings.entered_on') }} > limits.rating_backdated_after_days
),

final as (
    {{ found_ratings('backdated_rating') }}
)

select * from final
