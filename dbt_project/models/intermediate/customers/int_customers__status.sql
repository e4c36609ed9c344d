-- One row per as-of date and scored parent: the customer's status, and whether it is blocked or insolvent (METHOD 1.18).
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

flagged as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.relationship_type,
        zones.zone_status,
        coalesce(loyalty.is_never_bought, false) as is_never_bought,
        coalesce(parents.blocked_from <= parents.as_of_date, false) as is_blocked,
        coalesce(parents.insolvent_from <= parents.as_of_date, false) as is_insolvent,
        -- Bought, but no order date: lapsed.
        coalesce(
            loyalty.last_order_date
            > {{ month_end(add_months('parents.as_of_date', '-parameters.lapsed_after_months')) }},
            false
        ) as has_ordered
    from parents
    inner join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    inner join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    cross join parameters
),

decided as (
    select
        as_of_date,
        ultimate_parent_id,
        is_blocked,
        is_insolvent,
        case
            when is_blocked or is_insolvent then 'blocked'
            when relationship_type = 'lead' then 'lead'
            when is_never_bought then 'never_bought'
            when zone_status = 'observation' then 'new'
            when not has_ordered then 'lapsed'
            else 'active'
        end as customer_status
    from flagged
)

select * from decided
