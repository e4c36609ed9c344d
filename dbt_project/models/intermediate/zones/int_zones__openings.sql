-- One row per replay and scored parent of its first month that stood somewhere before: its row in the last opening portfolio before that
-- month. Whoever is only in an earlier portfolio has no state before.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

raw_zones as (
    select * from {{ ref('int_zones__raw') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

replays as (
    select distinct judged_from from dates
    where {{ is_compared() }}
),

known_openings as (
    select
        replays.judged_from,
        opening.customer_id,
        opening.as_of_date,
        opening.zone,
        opening.potential_state,
        opening.attractiveness_state,
        opening.contribution_4,
        opening.known_from,
        max(opening.as_of_date) over (partition by replays.judged_from) as last_opening
    from replays
    inner join dates on replays.judged_from = dates.as_of_date
    inner join {{ ref('stg_erp__opening_portfolio') }} as opening
        on
            {{ is_known('opening', 'dates') }}
            and opening.as_of_date < replays.judged_from
),

-- An opening row counts for whoever it belongs to in the first month.
candidates as (
    select
        known_openings.judged_from,
        customers.ultimate_parent_id,
        known_openings.as_of_date,
        known_openings.zone,
        known_openings.potential_state,
        known_openings.attractiveness_state,
        known_openings.contribution_4,
        row_number() over (
            partition by known_openings.judged_from, customers.ultimate_parent_id
            order by
                case when known_openings.customer_id = customers.ultimate_parent_id then 0 else 1 end,
                known_openings.customer_id,
                known_openings.known_from desc
        ) as position
    from known_openings
    inner join customers
        on
            known_openings.judged_from = customers.as_of_date
            and known_openings.customer_id = customers.customer_id
    inner join raw_zones
        on
            customers.as_of_date = raw_zones.as_of_date
            and customers.ultimate_parent_id = raw_zones.ultimate_parent_id
    where known_openings.as_of_date = known_openings.last_opening
),

final as (
    select
        judged_from,
        ultimate_parent_id,
        as_of_date,
        zone,
        potential_state,
        attractiveness_state,
        contribution_4
    from candidates
    where position = 1
)

select * from final
