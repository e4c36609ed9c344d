-- One row per as-of date and scored parent that is not blocked: what the tasks of the work list ask for (METHOD 1.18).
with

consequences as (
    select * from {{ ref('int_value__consequences') }}
    where customer_status <> 'blocked'
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

to_last_order as (
    select * from {{ ref('int_contribution__to_last_order') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

effort as (
    select * from {{ ref('int_effort__parent') }}
),

care as (
    select * from {{ ref('int_effort__care') }}
),

owners as (
    select * from {{ ref('int_effort__owners') }}
),

small_customers as (
    select * from {{ ref('int_effort__small_customers') }}
),

development as (
    select * from {{ ref('int_value__development') }}
),

levers as (
    select * from {{ ref('int_value__levers') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

-- What a campaign of the running quarter works on.
foci as (
    select distinct
        as_of_date,
        focus_criterion_id
    from {{ ref('int_campaigns__as_of') }}
    where campaign_quarter = {{ quarter_text('as_of_date') }}
),

inputs as (
    select
        consequences.as_of_date,
        consequences.ultimate_parent_id,
        consequences.relationship_type,
        consequences.customer_status,
        coalesce(consequences.override_zone, consequences.zone) as zone,
        consequences.zone_status,
        zones.service_zone,
        zones.is_rating_due,
        contributions.net_revenue,
        contributions.customer_contribution,
        to_last_order.customer_contribution_to_last_order,
        to_last_order.net_revenue_to_last_order,
        loyalty.churn_risk,
        loyalty.recency_ratio,
        loyalty.last_order_date,
        loyalty.customer_since,
        potential.annual_demand,
        potential.potential_contribution,
        potential.sow_change_ratio,
        potential.is_share_falling,
        potential.is_potential_contradicted,
        potential.has_duplicate_estimate,
        effort.actual_visits,
        effort.over_service_cost,
        effort.last_contact_date,
        effort.days_since_last_contact,
        effort.max_contact_gap_days,
        effort.contact_gap_breach,
        effort.is_never_contacted,
        care.planned_visits,
        care.avoidable_cost,
        owners.owner_leaves_on,
        small_customers.is_hidden_champion,
        development.blocking_criterion_id,
        levers.lever,
        foci.focus_criterion_id is not null as is_focus,
        -- The first one after: on the last day of a quarter the next one's.
        {{ quarter_end(add_days('consequences.as_of_date', 1)) }} as quarter_end,
        parameters.handover_notice_days,
        parameters.worklist_hand_over_within_days,
        parameters.worklist_defend_within_days,
        parameters.worklist_visit_within_days,
        parameters.worklist_visit_soon_within_days,
        parameters.worklist_visit_soon_after_gaps,
        parameters.worklist_recover_within_days,
        parameters.worklist_win_back_within_days,
        parameters.worklist_win_back_months,
        parameters.worklist_win_within_days,
        parameters.worklist_reprice_within_days,
        parameters.worklist_rate_within_days,
        parameters.worklist_onboard_after_days,
        parameters.worklist_onboard_at_least_days,
        parameters.worklist_settle_within_days
    from consequences
    inner join zones
        on
            consequences.as_of_date = zones.as_of_date
            and consequences.ultimate_parent_id = zones.ultimate_parent_id
    cross join parameters
    left join contributions
        on
            consequences.as_of_date = contributions.as_of_date
            and consequences.ultimate_parent_id = contributions.ultimate_parent_id
    left join to_last_order
        on
            consequences.as_of_date = to_last_order.as_of_date
            and consequences.ultimate_parent_id = to_last_order.ultimate_parent_id
    left join loyalty
        on
            consequences.as_of_date = loyalty.as_of_date
            and consequences.ultimate_parent_id = loyalty.ultimate_parent_id
    left join potential
        on
            consequences.as_of_date = potential.as_of_date
            and consequences.ultimate_parent_id = potential.ultimate_parent_id
    left join effort
        on
            consequences.as_of_date = effort.as_of_date
            and consequences.ultimate_parent_id = effort.ultimate_parent_id
    left join care
        on
            consequences.as_of_date = care.as_of_date
            and consequences.ultimate_parent_id = care.ultimate_parent_id
    left join owners
        on
            consequences.as_of_date = owners.as_of_date
            and consequences.ultimate_parent_id = owners.ultimate_parent_id
    left join small_customers
        on
            consequences.as_of_date = small_customers.as_of_date
            and consequences.ultimate_parent_id = small_customers.ultimate_parent_id
    left join development
        on
            consequences.as_of_date = development.as_of_date
            and consequences.ultimate_parent_id = development.ultimate_parent_id
    left join levers
        on
            consequences.as_of_date = levers.as_of_date
            and consequences.ultimate_parent_id = levers.ultimate_parent_id
    left join foci
        on
            development.as_of_date = foci.as_of_date
            and development.blocking_criterion_id = foci.focus_criterion_id
)

select * from inputs
