-- One row per as-of date and scored parent: the customer's status and the consequence of its zone (METHOD 1.18).
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

customer_statuses as (
    select * from {{ ref('int_customers__status') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

growth as (
    select * from {{ ref('int_loyalty__growth') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

development as (
    select * from {{ ref('int_value__development') }}
),

overrides as (
    select * from {{ ref('int_zones__overrides') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

statuses as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.relationship_type,
        zones.zone,
        zones.zone_status,
        overrides.override_zone,
        loyalty.churn_risk,
        development.blocking_criterion_id,
        -- Wallet shares fall where revenue falls while the demand stands.
        coalesce(potential.annual_demand > 0 and growth.revenue_yoy < parameters.decline_cagr_below, false) as is_wallet_share_falling,
        customer_statuses.customer_status
    from parents
    inner join customer_statuses
        on
            parents.as_of_date = customer_statuses.as_of_date
            and parents.ultimate_parent_id = customer_statuses.ultimate_parent_id
    inner join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    inner join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    inner join potential
        on
            parents.as_of_date = potential.as_of_date
            and parents.ultimate_parent_id = potential.ultimate_parent_id
    cross join parameters
    left join growth
        on
            parents.as_of_date = growth.as_of_date
            and parents.ultimate_parent_id = growth.ultimate_parent_id
    left join overrides
        on
            parents.as_of_date = overrides.as_of_date
            and parents.ultimate_parent_id = overrides.ultimate_parent_id
    left join development
        on
            parents.as_of_date = development.as_of_date
            and parents.ultimate_parent_id = development.ultimate_parent_id
),

decided as (
    select
        statuses.*,
        case
            -- Whoever set the zone has decided what to do.
            when override_zone = 'new_customer' then 'observation'
            when override_zone = 'unrated' then 'rate_first'
            when override_zone is not null then override_zone
            when zone_status = 'observation' or zone = 'never_bought' then 'observation' -- stub
            when zone_status in ('provisional', 'unrated') then 'rate_first'
            when zone = 'protection' and (churn_risk or is_wallet_share_falling) then 'protection_defend'
            else zone
        end as recommended_action,
        case
            when override_zone is not null then 'override'
            when zone_status = 'observation' or zone = 'never_bought' then 'observation' -- stub
            when zone_status in ('provisional', 'unrated') then 'zone_' || zone_status
            when zone = 'protection' and churn_risk then 'churn_risk'
            when zone = 'protection' and is_wallet_share_falling then 'falling_share_of_wallet'
            when zone = 'development' then 'blocking_criterion: ' || coalesce(blocking_criterion_id, 'none')
            else 'zone_' || zone
        end as action_reason
    from statuses
)

select * from decided
