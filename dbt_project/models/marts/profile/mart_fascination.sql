-- One row per as-of date, score object and offering it was asked about: what the customer sees in it beside what we think it is.
with

seen as (
    {{ of_shown_dates(ref('int_profile__offerings_seen')) }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        seen.as_of_date,
        seen.ultimate_parent_id,
        seen.offering,
        seen.offering_level_seen,
        seen.seen_rank,
        seen.parity,
        seen.offering_level_own,
        seen.own_rank,
        seen.is_gap,
        {{ is_latest('seen') }} as is_latest,
        parameters.method_version
    from seen
    cross join parameters
)

select * from final
