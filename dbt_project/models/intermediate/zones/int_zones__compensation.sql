-- One row per as-of date, of which there is the version's latest one only: from when over-compensation is measured, and what the customers
-- of the two sides gained or lost since, by the zone they started in (METHOD 1.14).
{#
    The start is 12 months before: that judged month, else the opening portfolio nearest to it within the days below, else nothing is known.
    Of the latest date only: an earlier one would have it or not with the months that are shown beside it.
    A judged month has the contribution of the same depth; an opening holds contribution IV, which is the same measure at depth 4 only.
#}
{% set opening_days = 45 %}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

zones as (
    select * from {{ ref('int_zones__replayed') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

openings as (
    select
        dates.as_of_date,
        opening.as_of_date as start_date,
        opening.customer_id,
        opening.zone,
        opening.contribution_4,
        opening.known_from,
        abs({{ days_between(month_end(add_months('dates.as_of_date', -12)), 'opening.as_of_date') }}) as days_off
    from dates
    inner join {{ ref('stg_erp__opening_portfolio') }} as opening
        on
            {{ is_known('opening', 'dates') }}
            and opening.as_of_date < dates.as_of_date
    where dates.is_latest
),

-- The nearest one; of two equally near the later.
opening_dates as (
    select as_of_date, start_date
    from (
        select
            as_of_date,
            start_date,
            row_number() over (partition by as_of_date order by days_off, start_date desc) as position
        from openings
        where days_off <= {{ opening_days }}
    ) as ranked
    where position = 1
),

starts as (
    select
        dates.as_of_date,
        dates.judged_from,
        judged.as_of_date as judged_date,
        coalesce(judged.as_of_date, opening_dates.start_date) as start_date,
        case
            when judged.as_of_date is not null then 'judged_month'
            when opening_dates.start_date is not null then 'opening_portfolio'
        end as start_source,
        coalesce(judged.as_of_date is not null or depths.contribution_depth = 4, false) as is_same_measure
    from dates
    left join dates as judged
        on
            {{ month_end(add_months('dates.as_of_date', -12)) }} = judged.as_of_date
            and dates.judged_from <= judged.as_of_date
    left join opening_dates on dates.as_of_date = opening_dates.as_of_date
    left join depths on dates.as_of_date = depths.as_of_date
    where dates.is_latest
),

-- An opening row counts for whoever it belongs to at the as-of date; of several of a parent its own comes first.
opened as (
    select as_of_date, ultimate_parent_id, zone, contribution_4
    from (
        select
            openings.as_of_date,
            customers.ultimate_parent_id,
            openings.zone,
            openings.contribution_4,
            row_number() over (
                partition by openings.as_of_date, customers.ultimate_parent_id
                order by
                    case when openings.customer_id = customers.ultimate_parent_id then 0 else 1 end,
                    openings.customer_id,
                    openings.known_from desc
            ) as position
        from openings
        inner join opening_dates
            on
                openings.as_of_date = opening_dates.as_of_date
                and openings.start_date = opening_dates.start_date
        inner join customers
            on
                openings.as_of_date = customers.as_of_date
                and openings.customer_id = customers.customer_id
    ) as ranked
    where position = 1
),

started as (
    select
        starts.as_of_date,
        zones.ultimate_parent_id,
        zones.zone,
        contributions.customer_contribution
    from starts
    inner join zones
        on
            starts.judged_date = zones.as_of_date
            and starts.judged_from = zones.judged_from
    inner join contributions
        on
            zones.as_of_date = contributions.as_of_date
            and zones.ultimate_parent_id = contributions.ultimate_parent_id
    union all
    select
        opened.as_of_date,
        opened.ultimate_parent_id,
        opened.zone,
        opened.contribution_4 as customer_contribution
    from opened
    inner join starts on opened.as_of_date = starts.as_of_date
    where starts.judged_date is null and starts.is_same_measure
),

changes as (
    select
        started.as_of_date,
        started.zone,
        contributions.customer_contribution - started.customer_contribution as change
    from started
    inner join contributions
        on
            started.as_of_date = contributions.as_of_date
            and started.ultimate_parent_id = contributions.ultimate_parent_id
    where contributions.relationship_type = 'customer'
),

sides as (
    select
        as_of_date,
        sum(case when zone in ('protection', 'development') then change end) as change_high,
        sum(case when zone in ('maintain', 'withdrawal') then change end) as change_low
    from changes
    group by as_of_date
),

measured as (
    select
        starts.as_of_date,
        starts.start_date,
        starts.start_source,
        case when starts.start_date is not null and starts.is_same_measure then {{ money('coalesce(sides.change_high, 0)') }} end as change_high,
        case when starts.start_date is not null and starts.is_same_measure then {{ money('coalesce(sides.change_low, 0)') }} end as change_low
    from starts
    left join sides on starts.as_of_date = sides.as_of_date
),

final as (
    select
        as_of_date,
        start_date,
        start_source,
        change_high,
        change_low,
        case when change_low < 0 then {{ ratio(exact_div('change_high', '-change_low')) }} end as overcompensation_ratio
    from measured
)

select * from final
