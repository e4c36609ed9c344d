-- One row per judged month of the latest as-of date's replay and score object that is in it or was in the month before: from which zone to
-- which, and with what contribution. Nobody leaves silently: a score object that is gone (merged, no longer delivered) has one last row
-- without a zone.
with

latest as (
    select as_of_date, judged_from from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

dates as (
    select
        dates.as_of_date,
        lead(dates.as_of_date) over (order by dates.as_of_date) as next_as_of_date
    from {{ ref('stg_control__as_of_dates') }} as dates
    inner join latest on dates.as_of_date between latest.judged_from and latest.as_of_date
),

zones as (
    select replayed.*
    from {{ ref('int_zones__replayed') }} as replayed
    inner join latest on replayed.judged_from = latest.judged_from
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

openings as (
    select openings.*
    from {{ ref('int_zones__openings') }} as openings
    inner join latest on openings.judged_from = latest.judged_from
),

measured as (
    select
        zones.as_of_date,
        zones.ultimate_parent_id,
        contributions.relationship_type,
        zones.zone,
        contributions.net_revenue,
        contributions.contribution_4,
        potential.potential_contribution,
        false as is_opening
    from zones
    inner join contributions
        on
            zones.as_of_date = contributions.as_of_date
            and zones.ultimate_parent_id = contributions.ultimate_parent_id
    inner join potential
        on
            zones.as_of_date = potential.as_of_date
            and zones.ultimate_parent_id = potential.ultimate_parent_id
    union all
    select
        as_of_date,
        ultimate_parent_id,
        null as relationship_type,
        zone,
        null as net_revenue,
        contribution_4,
        null as potential_contribution,
        true as is_opening
    from openings
),

compared as (
    select
        measured.*,
        lag(as_of_date) over (partition by ultimate_parent_id order by as_of_date) as previous_as_of_date,
        lag(zone) over (partition by ultimate_parent_id order by as_of_date) as from_zone,
        lag(contribution_4) over (partition by ultimate_parent_id order by as_of_date) as previous_contribution_4,
        lead(as_of_date) over (partition by ultimate_parent_id order by as_of_date) as following_as_of_date
    from measured
),

unioned as (
    select
        as_of_date,
        ultimate_parent_id,
        relationship_type,
        previous_as_of_date,
        from_zone,
        zone as to_zone,
        net_revenue,
        contribution_4,
        previous_contribution_4,
        potential_contribution
    from compared
    where not is_opening
    union all
    select
        dates.next_as_of_date as as_of_date,
        compared.ultimate_parent_id,
        compared.relationship_type,
        compared.as_of_date as previous_as_of_date,
        compared.zone as from_zone,
        null as to_zone,
        null as net_revenue,
        null as contribution_4,
        compared.contribution_4 as previous_contribution_4,
        null as potential_contribution
    from compared
    inner join dates on compared.as_of_date = dates.as_of_date
    where
        not compared.is_opening
        and dates.next_as_of_date is not null
        and (compared.following_as_of_date is null or compared.following_as_of_date > dates.next_as_of_date)
),

final as (
    select
        unioned.*,
        {{ money('unioned.contribution_4 - unioned.previous_contribution_4') }} as contribution_4_change
    from unioned
)

select * from final
