-- One row per judged month and score object, over the replay of the latest as-of date: where it stood, since when, and what its
-- contribution did.
with

latest as (
    select judged_from from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

zones as (
    select replayed.*
    from {{ ref('int_zones__replayed') }} as replayed
    inner join latest on replayed.judged_from = latest.judged_from
),

changes as (
    select * from {{ ref('int_zones__changes') }}
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        zones.as_of_date,
        zones.ultimate_parent_id,
        changes.relationship_type,
        -- where it stands
        scores.potential_score,
        scores.attractiveness_score,
        zones.potential_state,
        zones.attractiveness_state,
        zones.raw_zone,
        zones.zone,
        zones.zone_status,
        zones.is_hysteresis_hold,
        zones.zone_since,
        zones.is_since_before_history,
        -- how it is treated
        zones.service_zone,
        zones.is_treatment_frozen,
        zones.is_rating_due,
        zones.override_zone,
        -- where it came from
        changes.previous_as_of_date,
        zones.previous_zone,
        coalesce(zones.previous_zone <> zones.zone, false) as is_zone_change,
        -- what it is worth
        changes.net_revenue,
        changes.contribution_4,
        changes.previous_contribution_4,
        changes.contribution_4_change,
        {{ portfolio_key('zones') }} as portfolio_key,
        {{ is_latest('zones') }} as is_latest,
        parameters.method_version
    from zones
    inner join changes
        on
            zones.as_of_date = changes.as_of_date
            and zones.ultimate_parent_id = changes.ultimate_parent_id
    inner join scores
        on
            zones.as_of_date = scores.as_of_date
            and zones.ultimate_parent_id = scores.ultimate_parent_id
    cross join parameters
)

select * from final
