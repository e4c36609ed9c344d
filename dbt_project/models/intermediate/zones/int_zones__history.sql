-- One row per as-of date and scored parent: the zone with its hysteresis. A Schmitt trigger is a forward fill: a score beyond the band
-- is a signal, the state is the last signal; the first one, and the first after a reset, is taken at the plain threshold.
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

raw_zones as (
    select * from {{ ref('int_zones__raw') }}
),

resets as (
    select * from {{ ref('int_zones__resets') }}
),

overrides as (
    select * from {{ ref('int_zones__overrides') }}
),

openings as (
    select * from {{ ref('int_zones__openings') }}
),

known_until as (
    select
        raw_zones.as_of_date,
        raw_zones.ultimate_parent_id,
        coalesce(
            lag(raw_zones.as_of_date) over (partition by raw_zones.ultimate_parent_id order by raw_zones.as_of_date),
            openings.as_of_date
        ) as previous_date
    from raw_zones
    left join openings on raw_zones.ultimate_parent_id = openings.ultimate_parent_id
),

-- Only what happened since the date before resets: whoever leaves a group later does not undo what it was reset for.
reset_dates as (
    select
        known_until.as_of_date,
        known_until.ultimate_parent_id,
        max(case when resets.reset_on > known_until.previous_date then 1 else 0 end) as is_reset
    from known_until
    left join resets
        on
            known_until.as_of_date = resets.as_of_date
            and known_until.ultimate_parent_id = resets.ultimate_parent_id
    group by known_until.as_of_date, known_until.ultimate_parent_id
),

-- Every reset begins a segment of its own.
segments as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole('sum(is_reset) over (partition by ultimate_parent_id order by as_of_date rows between unbounded preceding and current row)') }} as segment
    from reset_dates
),

timeline as (
    select
        raw_zones.as_of_date,
        raw_zones.ultimate_parent_id,
        false as is_opening,
        segments.segment,
        coalesce(raw_zones.zone_status <> 'unrated', false) as is_signalling,
        raw_zones.potential_score,
        raw_zones.attractiveness_score,
        null as potential_state,
        null as attractiveness_state
    from raw_zones
    inner join segments
        on
            raw_zones.as_of_date = segments.as_of_date
            and raw_zones.ultimate_parent_id = segments.ultimate_parent_id
    where not raw_zones.is_lead
    union all
    select
        as_of_date,
        ultimate_parent_id,
        true as is_opening,
        0 as segment,
        true as is_signalling,
        null as potential_score,
        null as attractiveness_score,
        potential_state,
        attractiveness_state
    from openings
),

segmented as (
    select
        timeline.*,
        is_signalling and row_number() over (
            partition by ultimate_parent_id, segment, is_signalling
            order by as_of_date
        ) = 1 as is_first_signal
    from timeline
),

signals as (
    select
        segmented.as_of_date,
        segmented.ultimate_parent_id,
        segmented.is_opening,
        segmented.segment,
    {% for axis in ['potential', 'attractiveness'] -%}
    case
        when segmented.is_opening then segmented.{{ axis }}_state
        when not segmented.is_signalling then null
        when segmented.is_first_signal
            then case when segmented.{{ axis }}_score >= parameters.zone_threshold then 'high' else 'low' end
        when segmented.{{ axis }}_score >= parameters.zone_threshold + parameters.hysteresis_band then 'high'
        when segmented.{{ axis }}_score < parameters.zone_threshold - parameters.hysteresis_band then 'low'
    end as {{ axis }}_signal{{ ',' if not loop.last }}
    {% endfor %}
    from segmented
    cross join parameters
),

signal_groups as (
    select
        signals.*,
    {% for axis in ['potential', 'attractiveness'] -%}
    count({{ axis }}_signal) over (
        partition by ultimate_parent_id, segment order by as_of_date
        rows between unbounded preceding and current row
        ) as {{ axis }}_group{{ ',' if not loop.last }}
    {% endfor %}
    from signals
),

states as (
    select
        as_of_date,
        ultimate_parent_id,
        is_opening,
    {% for axis in ['potential', 'attractiveness'] -%}
    max({{ axis }}_signal) over (
        partition by ultimate_parent_id, segment, {{ axis }}_group
        ) as {{ axis }}_state{{ ',' if not loop.last }}
    {% endfor %}
    from signal_groups
),

zoned as (
    select
        raw_zones.as_of_date,
        raw_zones.ultimate_parent_id,
        raw_zones.is_lead,
        raw_zones.zone_status,
        raw_zones.raw_zone,
        states.potential_state,
        states.attractiveness_state,
        case
            when raw_zones.is_never_bought then 'never_bought'
            when raw_zones.zone_status = 'observation' then 'new_customer'
            when raw_zones.zone_status = 'unrated' then 'unrated'
            when raw_zones.is_lead then raw_zones.raw_zone
            else {{ zone_of("states.potential_state = 'high'", "states.attractiveness_state = 'high'", 'false') }}
        end as zone
    from raw_zones
    left join states
        on
            raw_zones.as_of_date = states.as_of_date
            and raw_zones.ultimate_parent_id = states.ultimate_parent_id
            and not states.is_opening
),

-- The opening zone takes part in "since when" and "what before", then leaves.
zone_line as (
    select as_of_date, ultimate_parent_id, zone, zone_status, false as is_opening from zoned
    union all
    select as_of_date, ultimate_parent_id, zone, 'confirmed' as zone_status, true as is_opening from openings
),

neighbours as (
    select
        zone_line.*,
        lag(zone) over (partition by ultimate_parent_id order by as_of_date) as previous_zone,
        row_number() over (partition by ultimate_parent_id order by as_of_date) as month_number,
        -- What a customer is treated by: sure zones set it; the first zone of a customer without a former one does, too.
        case
            when zone_status in ('confirmed', 'observation') then zone
            when
                zone_status = 'provisional'
                and count(case when zone_status <> 'unrated' then 1 end) over (
                    partition by ultimate_parent_id order by as_of_date
                    rows between unbounded preceding and current row
                ) = 1
                then zone
        end as setting_zone
    from zone_line
),

islands as (
    select
        neighbours.*,
        sum(case when previous_zone = zone then 0 else 1 end) over (
            partition by ultimate_parent_id order by as_of_date
            rows between unbounded preceding and current row
        ) as island,
        count(setting_zone) over (
            partition by ultimate_parent_id order by as_of_date
            rows between unbounded preceding and current row
        ) as treatment_group
    from neighbours
),

treated as (
    select
        islands.as_of_date,
        islands.ultimate_parent_id,
        islands.is_opening,
        islands.zone,
        islands.previous_zone,
        islands.month_number,
        min(islands.as_of_date) over (partition by islands.ultimate_parent_id, islands.island) as zone_since,
        case
            when islands.zone <> 'never_bought'
                then max(islands.setting_zone) over (partition by islands.ultimate_parent_id, islands.treatment_group)
        end as system_service_zone,
        overrides.override_zone
    from islands
    left join overrides
        on
            islands.as_of_date = overrides.as_of_date
            and islands.ultimate_parent_id = overrides.ultimate_parent_id
),

-- Whoever set an override has decided the treatment: it is not frozen.
compared as (
    select
        treated.*,
        coalesce(override_zone, system_service_zone) as service_zone,
        override_zone is null and coalesce(system_service_zone <> zone, false) as is_treatment_frozen
    from treated
),

frozen as (
    select
        compared.*,
        -- Months since the treatment was last not frozen.
        month_number - max(case when is_treatment_frozen then 0 else month_number end) over (
            partition by ultimate_parent_id order by as_of_date
            rows between unbounded preceding and current row
        ) as frozen_periods
    from compared
),

final as (
    select
        zoned.as_of_date,
        zoned.ultimate_parent_id,
        zoned.is_lead,
        zoned.zone_status,
        zoned.raw_zone,
        zoned.zone,
        zoned.potential_state,
        zoned.attractiveness_state,
        coalesce(zoned.zone <> 'new_customer' and zoned.zone <> zoned.raw_zone, false) as is_hysteresis_hold,
        frozen.previous_zone,
        frozen.zone_since,
        frozen.service_zone,
        frozen.is_treatment_frozen,
        frozen.frozen_periods >= parameters.rating_due_after_periods as is_rating_due
    from zoned
    inner join frozen
        on
            zoned.as_of_date = frozen.as_of_date
            and zoned.ultimate_parent_id = frozen.ultimate_parent_id
            and not frozen.is_opening
    cross join parameters
)

select * from final
