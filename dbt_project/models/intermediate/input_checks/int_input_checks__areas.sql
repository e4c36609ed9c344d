-- One row per as-of date and ultimate parent: the area that owns it, i.e. the team of its owner under the name it is
-- published by; '(unassigned)' where there is none.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_compared() }}
),

reps as (
    select
        dates.as_of_date,
        reps.rep_key,
        reps.team
    from dates
    inner join {{ ref('stg_crm__sales_reps') }} as reps on {{ is_known('reps', 'dates') }}
),

published as (
    select * from {{ ref('int_effort__areas') }}
),

owned as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.is_scored,
        coalesce(published.owner_area, '(unassigned)') as area
    from parents
    left join reps
        on
            parents.as_of_date = reps.as_of_date
            and parents.owner_rep_key = reps.rep_key
    left join published
        on
            reps.as_of_date = published.as_of_date
            and reps.team = published.area
)

select * from owned
