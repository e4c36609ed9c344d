-- One row per as-of date and score object that nobody looks after or that no longer orders: nobody is dropped by accident (METHOD 1.18).
with

customers as (
    select * from {{ ref('dim_customer') }}
),

owners as (
    select * from {{ ref('int_effort__owners') }}
),

effort as (
    select * from {{ ref('int_effort__parent') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

consequences as (
    select * from {{ ref('int_value__consequences') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

reasons as (
    select
        customers.as_of_date,
        customers.ultimate_parent_id,
        customers.customer_name,
        customers.relationship_type,
        customers.region,
        customers.owner_area,
        owners.is_without_owner,
        owners.is_owner_gone,
        effort.contact_gap_breach as has_contact_gap,
        -- Whoever was found unfit to become a customer is left alone on purpose.
        effort.is_never_contacted and zones.zone <> 'disqualified_lead' as is_never_contacted,
        consequences.customer_status = 'lapsed' as is_lapsed,
        consequences.customer_status,
        effort.service_zone,
        zones.zone,
        contributions.net_revenue,
        contributions.contribution_4,
        potential.potential_contribution,
        effort.last_contact_date,
        effort.days_since_last_contact,
        loyalty.last_order_date
    from customers
    inner join owners
        on
            customers.as_of_date = owners.as_of_date
            and customers.ultimate_parent_id = owners.ultimate_parent_id
    inner join effort
        on
            customers.as_of_date = effort.as_of_date
            and customers.ultimate_parent_id = effort.ultimate_parent_id
    inner join zones
        on
            customers.as_of_date = zones.as_of_date
            and customers.ultimate_parent_id = zones.ultimate_parent_id
    inner join consequences
        on
            customers.as_of_date = consequences.as_of_date
            and customers.ultimate_parent_id = consequences.ultimate_parent_id
    inner join contributions
        on
            customers.as_of_date = contributions.as_of_date
            and customers.ultimate_parent_id = contributions.ultimate_parent_id
    inner join potential
        on
            customers.as_of_date = potential.as_of_date
            and customers.ultimate_parent_id = potential.ultimate_parent_id
    inner join loyalty
        on
            customers.as_of_date = loyalty.as_of_date
            and customers.ultimate_parent_id = loyalty.ultimate_parent_id
),

final as (
    select
        reasons.as_of_date,
        reasons.ultimate_parent_id,
        reasons.customer_name,
        reasons.relationship_type,
        reasons.region,
        reasons.owner_area,
        reasons.is_without_owner,
        reasons.is_owner_gone,
        reasons.has_contact_gap,
        reasons.is_never_contacted,
        reasons.is_lapsed,
        reasons.customer_status,
        reasons.service_zone,
        reasons.zone,
        reasons.net_revenue,
        reasons.contribution_4,
        {{ money('reasons.potential_contribution') }} as potential_contribution,
        reasons.last_contact_date,
        reasons.days_since_last_contact,
        reasons.last_order_date,
        {{ portfolio_key('reasons') }} as portfolio_key,
        {{ is_latest('reasons') }} as is_latest,
        parameters.method_version
    from reasons
    cross join parameters
    where
        reasons.is_without_owner
        or reasons.is_owner_gone
        or reasons.has_contact_gap
        or reasons.is_never_contacted
        or reasons.is_lapsed
)

select * from final
