-- One row per as-of date and scored parent: whether somebody is in charge of it, of which team, and whether that person stays. Never who.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

reps as (
    select dates.as_of_date, reps.rep_key, reps.team, reps.active_to
    from dates
    inner join {{ ref('stg_crm__sales_reps') }} as reps on {{ is_known('reps', 'dates') }}
),

-- A group has as many owners as its entities and accounts name.
owner_keys as (
    select as_of_date, ultimate_parent_id, owner_rep_key
    from {{ ref('int_customers__as_of') }}
    where is_delivered and customer_id = survivor_customer_id and owner_rep_key is not null
    union
    select as_of_date, ultimate_parent_id, owner_rep_key
    from {{ ref('int_customers__accounts') }}
    where ultimate_parent_id is not null and owner_rep_key is not null
),

leaving as (
    select
        owner_keys.as_of_date,
        owner_keys.ultimate_parent_id,
        min(reps.active_to) as owner_leaves_on
    from owner_keys
    inner join reps
        on
            owner_keys.as_of_date = reps.as_of_date
            and owner_keys.owner_rep_key = reps.rep_key
    group by owner_keys.as_of_date, owner_keys.ultimate_parent_id
),

-- Where no customer has an owner, the source does not deliver any: then nobody is without one.
owned_dates as (
    select distinct as_of_date from parents
    where owner_rep_key is not null
),

owners as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        reps.team as owner_area,
        case when owned_dates.as_of_date is not null then parents.owner_rep_key is null end as is_without_owner,
        -- An owner who is in no list of representatives is neither here nor gone: unknown.
        case
            when owned_dates.as_of_date is null then null
            when parents.owner_rep_key is null then false
            when reps.rep_key is not null then coalesce(reps.active_to <= parents.as_of_date, false)
        end as is_owner_gone,
        coalesce(
            reps.active_to > parents.as_of_date
            and reps.active_to <= {{ add_days('parents.as_of_date', 'parameters.handover_notice_days') }},
            false
        ) as is_owner_leaving,
        leaving.owner_leaves_on
    from parents
    cross join parameters
    left join owned_dates on parents.as_of_date = owned_dates.as_of_date
    left join reps
        on
            parents.as_of_date = reps.as_of_date
            and parents.owner_rep_key = reps.rep_key
    left join leaving
        on
            parents.as_of_date = leaving.as_of_date
            and parents.ultimate_parent_id = leaving.ultimate_parent_id
)

select * from owners
