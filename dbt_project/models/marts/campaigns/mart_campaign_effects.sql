-- One row per as-of date and campaign: what it changed at its treated customers against untreated ones, in revenue and in contribution.
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

effects as (
    select * from {{ ref('int_campaigns__effects') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        campaigns.as_of_date,
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.campaign_quarter,
        campaigns.focus_criterion_id,
        campaigns.starts_on,
        campaigns.ends_on,
        campaigns.campaign_phase,
        case when effects.months_compared > 0 then campaigns.pre_from end as compared_pre_from,
        case when effects.months_compared > 0 then {{ add_days('campaigns.pre_before', -1) }} end as compared_pre_to,
        case when effects.months_compared > 0 then campaigns.post_from end as compared_post_from,
        case when effects.months_compared > 0 then {{ add_days('campaigns.post_before', -1) }} end as compared_post_to,
        effects.months_compared,
        effects.treated_customers,
        effects.control_customers,
        effects.excluded_controls,
        effects.treated_net_revenue_pre,
        effects.treated_net_revenue_post,
        effects.control_net_revenue_pre,
        effects.control_net_revenue_post,
        effects.control_net_revenue_growth_ratio,
        effects.effect_net_revenue,
        effects.treated_contribution_4_pre,
        effects.treated_contribution_4_post,
        effects.control_contribution_4_pre,
        effects.control_contribution_4_post,
        effects.control_contribution_4_growth_ratio,
        effects.effect_contribution_4,
        effects.is_descriptive_only,
        effects.effect_status,
        parameters.method_version
    from campaigns
    inner join effects
        on
            campaigns.as_of_date = effects.as_of_date
            and campaigns.campaign_id = effects.campaign_id
    cross join parameters
)

select * from final
