-- One row per shown as-of date and scored parent: its zone, from the replay that begins at the date's own judged_from.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

replayed as (
    select * from {{ ref('int_zones__replayed') }}
),

own as (
    select
        replayed.as_of_date,
        replayed.ultimate_parent_id,
        replayed.is_lead,
        replayed.zone_status,
        replayed.raw_zone,
        replayed.zone,
        replayed.potential_state,
        replayed.attractiveness_state,
        replayed.is_hysteresis_hold,
        replayed.previous_zone,
        replayed.zone_since,
        replayed.is_since_before_history,
        replayed.service_zone,
        replayed.is_treatment_frozen,
        replayed.is_rating_due
    from dates
    inner join replayed
        on
            dates.as_of_date = replayed.as_of_date
            and dates.judged_from = replayed.judged_from
)

select * from own
