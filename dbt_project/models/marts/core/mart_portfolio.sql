-- One row per as-of date and score object, customers and leads alike: what it is worth, where it stands and what to do about it.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

raw_zones as (
    select * from {{ ref('int_zones__raw') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

overrides as (
    select * from {{ ref('int_zones__overrides') }}
),

customer_values as (
    select * from {{ ref('int_value__customer') }}
),

small_customers as (
    select * from {{ ref('int_effort__small_customers') }}
),

reliability as (
    select * from {{ ref('int_effort__reliability') }}
),

development as (
    select * from {{ ref('int_value__development') }}
),

effort as (
    select * from {{ ref('int_effort__parent') }}
),

consequences as (
    select * from {{ ref('int_value__consequences') }}
),

levers as (
    select * from {{ ref('int_value__levers') }}
),

actions as (
    select * from {{ ref('stg_settings__actions') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        {{ portfolio_key('parents') }} as portfolio_key,
        parents.is_latest,
        -- who
        customers.customer_name,
        customers.relationship_type,
        consequences.customer_status,
        customers.region,
        customers.country_code,
        customers.industry_code,
        customers.owner_area,
        -- contribution
        contributions.gross_list_revenue,
        contributions.revenue_deductions,
        contributions.net_revenue,
        contributions.cogs,
        contributions.contribution_1,
        contributions.marketing_cost,
        contributions.contribution_2,
        contributions.field_hours,
        contributions.inside_hours,
        contributions.sales_cost,
        contributions.contribution_3,
        contributions.service_logistics_cost,
        contributions.contribution_4,
        contributions.contribution_4_margin_ratio,
        {{ money('contributions.contribution_4_low') }} as contribution_4_low,
        contributions.contribution_depth,
        contributions.customer_contribution,
        contributions.customer_contribution_margin_ratio,
        contributions.imputed_cogs,
        contributions.logged_capacity_ratio,
        reliability.contribution_reliability,
        -- potential
        potential.annual_demand,
        potential.demand_basis,
        potential.sow_raw_ratio,
        potential.sow_capped_ratio,
        potential.sow_change_ratio,
        potential.is_share_falling,
        potential.achievable_share_ratio,
        potential.achievable_gap,
        potential.netted_gap_contrast,
        potential.potential_revenue,
        potential.potential_contribution,
        potential.is_sow_above_100,
        potential.is_sow_negative,
        -- scores
        scores.potential_score,
        scores.potential_low as potential_score_low,
        scores.potential_high as potential_score_high,
        scores.potential_coverage as potential_coverage_points,
        scores.attractiveness_score,
        scores.attractiveness_low as attractiveness_score_low,
        scores.attractiveness_high as attractiveness_score_high,
        scores.attractiveness_coverage as attractiveness_coverage_points,
        -- zone
        raw_zones.plain_zone as raw_zone,
        zones.zone,
        zones.zone_status,
        raw_zones.zone_status_reasons,
        zones.service_zone,
        raw_zones.possible_zones,
        raw_zones.is_disqualified_lead,
        zones.is_hysteresis_hold,
        zones.is_treatment_frozen,
        zones.is_rating_due,
        zones.zone_since,
        zones.is_since_before_history,
        zones.previous_zone,
        overrides.override_zone,
        overrides.reason as override_reason,
        overrides.expires_on as override_expires_on,
        -- value
        customer_values.contribution_score,
        customer_values.customer_value_score,
        customer_values.rank_customer_value,
        customer_values.abc_class,
        customer_values.customer_type,
        small_customers.is_small_customer,
        small_customers.is_small_by_revenue,
        {{ is_key_account('parents', 'zones') }} as is_key_account,
        -- Shown only where something is to be developed.
        case when consequences.is_gap_shown then development.blocking_criterion_id end as blocking_criterion_id,
        case when consequences.is_gap_shown then development.lost_points end as lost_points,
        case when consequences.is_gap_shown then development.points_to_protection end as points_to_protection,
        effort.effort_value_index,
        -- loyalty and contact
        loyalty.is_tenure_censored,
        loyalty.order_basis,
        effort.last_contact_date,
        -- consequence
        consequences.recommended_action,
        consequences.action_reason,
        consequences.action_unknown_inputs,
        consequences.is_gap_shown,
        effort.care_cost,
        effort.avoidable_cost,
        levers.lever,
        levers.lever_amount,
        actions.text_en as recommended_action_en,
        actions.text_de as recommended_action_de,
        parameters.zone_threshold,
        parameters.hysteresis_band,
        parameters.value_weight_contribution,
        parameters.value_weight_potential,
        parameters.value_weight_attractiveness,
        parameters.reporting_currency,
        dates.is_open_month,
        parameters.method_version
    from parents
    inner join dates on parents.as_of_date = dates.as_of_date
    inner join customers
        on
            parents.as_of_date = customers.as_of_date
            and parents.ultimate_parent_id = customers.ultimate_parent_id
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    inner join potential
        on
            parents.as_of_date = potential.as_of_date
            and parents.ultimate_parent_id = potential.ultimate_parent_id
    inner join scores
        on
            parents.as_of_date = scores.as_of_date
            and parents.ultimate_parent_id = scores.ultimate_parent_id
    inner join raw_zones
        on
            parents.as_of_date = raw_zones.as_of_date
            and parents.ultimate_parent_id = raw_zones.ultimate_parent_id
    inner join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    inner join small_customers
        on
            parents.as_of_date = small_customers.as_of_date
            and parents.ultimate_parent_id = small_customers.ultimate_parent_id
    inner join effort
        on
            parents.as_of_date = effort.as_of_date
            and parents.ultimate_parent_id = effort.ultimate_parent_id
    inner join reliability
        on
            parents.as_of_date = reliability.as_of_date
            and parents.ultimate_parent_id = reliability.ultimate_parent_id
    inner join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    inner join consequences
        on
            parents.as_of_date = consequences.as_of_date
            and parents.ultimate_parent_id = consequences.ultimate_parent_id
    cross join parameters
    left join overrides
        on
            parents.as_of_date = overrides.as_of_date
            and parents.ultimate_parent_id = overrides.ultimate_parent_id
    left join customer_values
        on
            parents.as_of_date = customer_values.as_of_date
            and parents.ultimate_parent_id = customer_values.ultimate_parent_id
    left join development
        on
            parents.as_of_date = development.as_of_date
            and parents.ultimate_parent_id = development.ultimate_parent_id
    left join levers
        on
            parents.as_of_date = levers.as_of_date
            and parents.ultimate_parent_id = levers.ultimate_parent_id
    left join actions on consequences.recommended_action = actions.action_key
)

select * from final
