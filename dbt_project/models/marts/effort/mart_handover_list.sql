-- One row per as-of date and score object whose representative has left or leaves soon: what the successor needs to know. No person in it.
with

customers as (
    select * from {{ ref('dim_customer') }}
),

owners as (
    select * from {{ ref('int_effort__owners') }}
    where coalesce(is_owner_gone, false) or is_owner_leaving
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

pipeline as (
    select * from {{ ref('int_loyalty__pipeline') }}
),

payment as (
    select * from {{ ref('int_finance__payment') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        customers.as_of_date,
        customers.ultimate_parent_id,
        customers.customer_name,
        customers.relationship_type,
        consequences.customer_status,
        owners.owner_area,
        coalesce(owners.is_owner_gone, false) as is_owner_gone,
        zones.zone,
        effort.service_zone,
        consequences.recommended_action,
        effort.planned_visits,
        effort.actual_visits,
        effort.days_since_last_contact,
        effort.contact_gap_breach,
        pipeline.open_opportunities,
        pipeline.open_pipeline,
        payment.overdue_amount,
        {{ whole('payment.overdue_days_max') }} as overdue_days_max,
        contributions.net_revenue,
        contributions.contribution_4,
        {{ money('potential.potential_contribution') }} as potential_contribution,
        {{ portfolio_key('customers') }} as portfolio_key,
        {{ is_latest('customers') }} as is_latest,
        parameters.method_version
    from owners
    inner join customers
        on
            owners.as_of_date = customers.as_of_date
            and owners.ultimate_parent_id = customers.ultimate_parent_id
    inner join effort
        on
            owners.as_of_date = effort.as_of_date
            and owners.ultimate_parent_id = effort.ultimate_parent_id
    inner join zones
        on
            owners.as_of_date = zones.as_of_date
            and owners.ultimate_parent_id = zones.ultimate_parent_id
    inner join consequences
        on
            owners.as_of_date = consequences.as_of_date
            and owners.ultimate_parent_id = consequences.ultimate_parent_id
    inner join contributions
        on
            owners.as_of_date = contributions.as_of_date
            and owners.ultimate_parent_id = contributions.ultimate_parent_id
    inner join potential
        on
            owners.as_of_date = potential.as_of_date
            and owners.ultimate_parent_id = potential.ultimate_parent_id
    cross join parameters
    left join pipeline
        on
            owners.as_of_date = pipeline.as_of_date
            and owners.ultimate_parent_id = pipeline.ultimate_parent_id
    left join payment
        on
            owners.as_of_date = payment.as_of_date
            and owners.ultimate_parent_id = payment.ultimate_parent_id
)

select * from final
