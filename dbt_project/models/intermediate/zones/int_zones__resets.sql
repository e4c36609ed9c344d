-- One row per as-of date, parent and day up to it on which the hysteresis starts anew: insolvency, a merger or an override.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

events as (
    select as_of_date, ultimate_parent_id, insolvent_from as reset_on from parents
    union
    select dates.as_of_date, customers.ultimate_parent_id, changes.valid_from as reset_on
    from dates
    inner join {{ ref('stg_erp__customer_id_changes') }} as changes on {{ is_known('changes', 'dates') }}
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and changes.customer_id = customers.customer_id
    union
    select dates.as_of_date, customers.ultimate_parent_id, {{ company_day('overrides.set_at') }} as reset_on
    from dates
    inner join {{ ref('stg_crm__zone_overrides') }} as overrides on {{ is_known('overrides', 'dates') }}
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and overrides.customer_id = customers.customer_id
),

past_events as (
    select as_of_date, ultimate_parent_id, reset_on
    from events
    where reset_on is not null and reset_on <= as_of_date
)

select * from past_events
