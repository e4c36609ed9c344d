-- One row per scored parent that stood somewhere before its first as-of date: the last opening row before that date.
with

raw_zones as (
    select * from {{ ref('int_zones__raw') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

first_dates as (
    select ultimate_parent_id, min(as_of_date) as first_as_of_date
    from raw_zones
    group by ultimate_parent_id
),

candidates as (
    select
        first_dates.ultimate_parent_id,
        opening.as_of_date,
        opening.zone,
        opening.potential_state,
        opening.attractiveness_state,
        opening.contribution_4,
        row_number() over (
            partition by first_dates.ultimate_parent_id
            order by
                opening.as_of_date desc,
                case when opening.customer_id = first_dates.ultimate_parent_id then 0 else 1 end,
                opening.customer_id,
                opening.known_from desc
        ) as position
    from {{ ref('stg_erp__opening_portfolio') }} as opening
    inner join customers on opening.customer_id = customers.customer_id
    inner join first_dates
        on
            customers.ultimate_parent_id = first_dates.ultimate_parent_id
            and customers.as_of_date = first_dates.first_as_of_date
    where opening.as_of_date < first_dates.first_as_of_date
),

final as (
    select
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
