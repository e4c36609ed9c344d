-- One row per as-of date and parent under an override that is in force: the latest one set, known and not expired.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

ranked as (
    select
        dates.as_of_date,
        customers.ultimate_parent_id,
        overrides.override_zone,
        overrides.reason,
        overrides.set_by_key,
        overrides.set_at,
        overrides.expires_on,
        row_number() over (
            partition by dates.as_of_date, customers.ultimate_parent_id
            order by overrides.set_at desc, overrides.customer_id
        ) as position
    from dates
    inner join {{ ref('stg_crm__zone_overrides') }} as overrides
        on
            {{ is_known('overrides', 'dates') }}
            and overrides.expires_on >= dates.as_of_date
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and overrides.customer_id = customers.customer_id
    where {{ company_day('overrides.set_at') }} <= dates.as_of_date
),

in_force as (
    select as_of_date, ultimate_parent_id, override_zone, reason, set_by_key, set_at, expires_on
    from ranked
    where position = 1
)

select * from in_force
