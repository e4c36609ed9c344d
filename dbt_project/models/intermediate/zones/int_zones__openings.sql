-- One row per scored parent of the first as-of date that stood somewhere before: the last opening row before that date.
with

raw_zones as (
    select * from {{ ref('int_zones__raw') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

first_date as (
    select min(as_of_date) as first_as_of_date from raw_zones
),

-- An opening row counts for whoever it belonged to at the first as-of date.
candidates as (
    select
        customers.ultimate_parent_id,
        opening.as_of_date,
        opening.zone,
        opening.potential_state,
        opening.attractiveness_state,
        opening.contribution_4,
        row_number() over (
            partition by customers.ultimate_parent_id
            order by
                opening.as_of_date desc,
                case when opening.customer_id = customers.ultimate_parent_id then 0 else 1 end,
                opening.customer_id,
                opening.known_from desc
        ) as position
    from {{ ref('stg_erp__opening_portfolio') }} as opening
    inner join first_date on opening.as_of_date < first_date.first_as_of_date
    inner join customers
        on
            first_date.first_as_of_date = customers.as_of_date
            and opening.customer_id = customers.customer_id
    inner join raw_zones
        on
            customers.as_of_date = raw_zones.as_of_date
            and customers.ultimate_parent_id = raw_zones.ultimate_parent_id
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
