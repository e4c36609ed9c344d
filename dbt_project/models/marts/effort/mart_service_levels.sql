-- One row per as-of date and score object: the service planned for its zone against what was done, and effort against value
-- (METHOD 1.13).
with

effort as (
    select * from {{ ref('int_effort__parent') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        effort.as_of_date,
        effort.ultimate_parent_id,
        effort.service_zone,
        effort.planned_visits,
        effort.actual_visits,
        effort.over_visits,
        effort.under_visits,
        effort.compliance_ratio,
        effort.over_service_cost,
        effort.care_cost,
        effort.avoidable_cost,
        effort.last_contact_date,
        effort.is_never_contacted,
        effort.days_since_last_contact,
        effort.max_contact_gap_days,
        effort.contact_gap_breach,
        contributions.field_hours,
        contributions.inside_hours,
        contributions.sales_cost,
        effort.effort_share_ratio,
        effort.value_share_ratio,
        effort.effort_value_index,
        {{ portfolio_key('effort') }} as portfolio_key,
        {{ is_latest('effort') }} as is_latest,
        parameters.method_version
    from effort
    inner join contributions
        on
            effort.as_of_date = contributions.as_of_date
            and effort.ultimate_parent_id = contributions.ultimate_parent_id
    cross join parameters
)

select * from final
