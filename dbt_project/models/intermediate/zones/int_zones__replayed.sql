-- One row per replay (the month it begins with), month and scored parent: the zone with its hysteresis. A Schmitt trigger is a forward
-- fill: a score beyond the band is a signal, the state is the last signal; an axis' first one, and its first after a reset, is taken at
-- the plain threshold. No zone of an earlier run is an input. A shown month is read from the replay that begins at its own judged_from.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

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

{% set axes = ['potential', 'attractiveness'] %}

-- Dates that are judged from the same month share a replay; it ends with the last of them.
replays as (
    select
        judged_from,
        max(as_of_date) as judged_until
    from dates
    where {{ is_compared() }}
    group by judged_from
),

months as (
    select
        replays.judged_from,
        dates.as_of_date
    from replays
    inner join dates on dates.as_of_date between replays.judged_from and replays.judged_until
),

judged as (
    select
        months.judged_from,
        raw_zones.as_of_date,
        raw_zones.ultimate_parent_id,
        raw_zones.is_lead,
        raw_zones.is_never_bought,
        raw_zones.zone_status,
        raw_zones.raw_zone,
        raw_zones.potential_score,
        raw_zones.attractiveness_score
    from months
    inner join raw_zones on months.as_of_date = raw_zones.as_of_date
),

known_until as (
    select
        judged.judged_from,
        judged.as_of_date,
        judged.ultimate_parent_id,
        coalesce(
            lag(judged.as_of_date) over (partition by judged.judged_from, judged.ultimate_parent_id order by judged.as_of_date),
            openings.as_of_date
        ) as previous_date
    from judged
    left join openings
        on
            judged.judged_from = openings.judged_from
            and judged.ultimate_parent_id = openings.ultimate_parent_id
),

-- Only what happened since the month before resets: whoever leaves a group later does not undo what it was reset for.
reset_months as (
    select distinct
        known_until.judged_from,
        known_until.as_of_date,
        known_until.ultimate_parent_id
    from known_until
    inner join resets
        on
            known_until.as_of_date = resets.as_of_date
            and known_until.ultimate_parent_id = resets.ultimate_parent_id
            and resets.reset_on > known_until.previous_date
),

-- Leads have no hysteresis. Without a raw zone neither axis gives a signal; the states wait.
timeline as (
    select
        judged.judged_from,
        judged.as_of_date,
        judged.ultimate_parent_id,
        false as is_opening,
        case when reset_months.as_of_date is not null then 1 else 0 end as is_reset,
    {% for axis in axes -%}
    case when judged.raw_zone is not null then judged.{{ axis }}_score end as {{ axis }}_score,
    null as {{ axis }}_opening{{ ',' if not loop.last }}
    {% endfor %}
    from judged
    left join reset_months
        on
            judged.judged_from = reset_months.judged_from
            and judged.as_of_date = reset_months.as_of_date
            and judged.ultimate_parent_id = reset_months.ultimate_parent_id
    where not judged.is_lead
    union all
    select
        judged_from,
        as_of_date,
        ultimate_parent_id,
        true as is_opening,
        0 as is_reset,
    {% for axis in axes -%}
    null as {{ axis }}_score,
    {{ axis }}_state as {{ axis }}_opening{{ ',' if not loop.last }}
    {% endfor %}
    from openings
),

-- Every reset begins a segment of its own.
segments as (
    select
        timeline.*,
        {{ whole('sum(is_reset) over (
            partition by judged_from, ultimate_parent_id order by as_of_date
            rows between unbounded preceding and current row
        )') }} as segment
    from timeline
),

counted as (
    select
        segments.*,
    {% for axis in axes -%}
    count(coalesce({{ axis }}_opening, cast({{ axis }}_score as {{ text_type() }}))) over (
        partition by judged_from, ultimate_parent_id, segment order by as_of_date
        rows between unbounded preceding and current row
        ) as {{ axis }}_known{{ ',' if not loop.last }}
    {% endfor %}
    from segments
),

signals as (
    select
        counted.judged_from,
        counted.as_of_date,
        counted.ultimate_parent_id,
        counted.is_opening,
        counted.segment,
    {% for axis in axes -%}
    case
        when counted.is_opening then counted.{{ axis }}_opening
        when counted.{{ axis }}_score is null then null
        when counted.{{ axis }}_known = 1
            then case when counted.{{ axis }}_score >= parameters.zone_threshold then 'high' else 'low' end
        when counted.{{ axis }}_score >= parameters.zone_threshold + parameters.hysteresis_band then 'high'
        when counted.{{ axis }}_score < parameters.zone_threshold - parameters.hysteresis_band then 'low'
    end as {{ axis }}_signal{{ ',' if not loop.last }}
    {% endfor %}
    from counted
    cross join parameters
),

signal_groups as (
    select
        signals.*,
    {% for axis in axes -%}
    count({{ axis }}_signal) over (
        partition by judged_from, ultimate_parent_id, segment order by as_of_date
        rows between unbounded preceding and current row
        ) as {{ axis }}_group{{ ',' if not loop.last }}
    {% endfor %}
    from signals
),

states as (
    select
        judged_from,
        as_of_date,
        ultimate_parent_id,
        is_opening,
    {% for axis in axes -%}
    max({{ axis }}_signal) over (partition by judged_from, ultimate_parent_id, segment, {{ axis }}_group) as {{ axis }}_state{{ ',' if not loop.last }}
    {% endfor %}
    from signal_groups
),

zoned as (
    select
        judged.judged_from,
        judged.as_of_date,
        judged.ultimate_parent_id,
        judged.is_lead,
        judged.zone_status,
        judged.raw_zone,
        states.potential_state,
        states.attractiveness_state,
        overrides.override_zone,
        case
            when judged.is_never_bought then 'never_bought'
            when judged.zone_status = 'observation' then 'new_customer'
            when judged.zone_status = 'unrated' then 'unrated'
            when judged.is_lead then judged.raw_zone
            else {{ zone_of("states.potential_state = 'high'", "states.attractiveness_state = 'high'", 'false') }}
        end as zone
    from judged
    left join states
        on
            judged.judged_from = states.judged_from
            and judged.as_of_date = states.as_of_date
            and judged.ultimate_parent_id = states.ultimate_parent_id
            and not states.is_opening
    left join overrides
        on
            judged.as_of_date = overrides.as_of_date
            and judged.ultimate_parent_id = overrides.ultimate_parent_id
),

-- The opening zone takes part in "since when" and "what before", then leaves.
zone_line as (
    select
        zoned.*,
        false as is_opening
    from zoned
    union all
    select
        judged_from,
        as_of_date,
        ultimate_parent_id,
        false as is_lead,
        'confirmed' as zone_status,
        null as raw_zone,
        potential_state,
        attractiveness_state,
        null as override_zone,
        zone,
        true as is_opening
    from openings
),

neighbours as (
    select
        zone_line.*,
        lag(zone) over (partition by judged_from, ultimate_parent_id order by as_of_date) as previous_zone,
        row_number() over (partition by judged_from, ultimate_parent_id order by as_of_date) as month_number,
        -- What a customer is treated by: sure zones set it; the first zone of a customer without a former one does, too.
        case
            when zone_status in ('confirmed', 'observation') then zone
            when
                zone_status = 'provisional'
                and count(case when zone_status <> 'unrated' then 1 end) over (
                    partition by judged_from, ultimate_parent_id order by as_of_date
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
            partition by judged_from, ultimate_parent_id order by as_of_date
            rows between unbounded preceding and current row
        ) as island,
        count(setting_zone) over (
            partition by judged_from, ultimate_parent_id order by as_of_date
            rows between unbounded preceding and current row
        ) as treatment_group
    from neighbours
),

treated as (
    select
        islands.*,
        -- The first month of the run; the opening does not say since when it stood where it stands.
        min(case when not is_opening then as_of_date end) over (partition by judged_from, ultimate_parent_id, island) as began_on,
        max(case when is_opening then 1 else 0 end) over (partition by judged_from, ultimate_parent_id, island) = 1 as has_opening,
        case
            when zone <> 'never_bought'
                then max(setting_zone) over (partition by judged_from, ultimate_parent_id, treatment_group)
        end as system_service_zone
    from islands
),

-- Whoever set an override has decided the treatment: it is not frozen.
compared as (
    select
        treated.*,
        island = 1 and (has_opening or began_on = judged_from) as is_since_before_history,
        coalesce(override_zone, system_service_zone) as service_zone,
        override_zone is null and coalesce(system_service_zone <> zone, false) as is_treatment_frozen
    from treated
),

frozen as (
    select
        compared.*,
        -- Months since the treatment was last not frozen.
        month_number - max(case when is_treatment_frozen then 0 else month_number end) over (
            partition by judged_from, ultimate_parent_id order by as_of_date
            rows between unbounded preceding and current row
        ) as frozen_periods
    from compared
),

final as (
    select
        frozen.judged_from,
        frozen.as_of_date,
        frozen.ultimate_parent_id,
        frozen.is_lead,
        frozen.zone_status,
        frozen.raw_zone,
        frozen.zone,
        frozen.potential_state,
        frozen.attractiveness_state,
        coalesce(frozen.zone <> 'new_customer' and frozen.zone <> frozen.raw_zone, false) as is_hysteresis_hold,
        frozen.previous_zone,
        case when not frozen.is_since_before_history then frozen.began_on end as zone_since,
        frozen.is_since_before_history,
        frozen.override_zone,
        frozen.service_zone,
        frozen.is_treatment_frozen,
        frozen.frozen_periods >= parameters.rating_due_after_periods as is_rating_due
    from frozen
    cross join parameters
    where not frozen.is_opening
)

select * from final
