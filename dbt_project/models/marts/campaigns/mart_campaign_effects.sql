-- One row per as-of date and campaign: what it changed at its treated members against untreated ones, how sure that is, what may be said of
-- it, and how many it reached. Nothing is compared before its months are over.
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

effects as (
    select * from {{ ref('int_campaigns__effects') }}
),

progress as (
    select * from {{ ref('int_campaigns__progress') }}
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
        campaigns.focus_name_en,
        campaigns.focus_name_de,
        campaigns.starts_on,
        campaigns.ends_on,
        campaigns.campaign_phase,
        campaigns.phase,
        campaigns.pre_from,
        {{ add_days('campaigns.pre_before', -1) }} as pre_to,
        campaigns.post_from,
        {{ add_days('campaigns.post_before', -1) }} as post_to,
        case when effects.months_compared > 0 then campaigns.pre_from end as compared_pre_from,
        case when effects.months_compared > 0 then {{ add_days('campaigns.pre_before', -1) }} end as compared_pre_to,
        case when effects.months_compared > 0 then campaigns.post_from end as compared_post_from,
        case when effects.months_compared > 0 then {{ add_days('campaigns.post_before', -1) }} end as compared_post_to,
        effects.months_compared,
        effects.n_treated,
        effects.n_control,
        effects.excluded_members,
        effects.effect,
        effects.standard_error,
        effects.interval_low,
        effects.interval_high,
        effects.pretrend_effect,
        effects.pretrend_low,
        effects.pretrend_high,
        effects.is_pretrend_ok,
        effects.verdict,
        progress.focus_level_start,
        progress.focus_level_end,
        progress.levels_moved,
        progress.levels_moved_n,
        progress.candidate_customers,
        progress.campaign_activities,
        progress.contacted_members,
        progress.contacted_members_ratio,
        progress.is_focus_conflict,
        progress.campaigns_in_year,
        progress.is_programme_limit_exceeded,
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
        {{ is_latest('campaigns') }} as is_latest,
        parameters.method_version
    from campaigns
    inner join effects
        on
            campaigns.as_of_date = effects.as_of_date
            and campaigns.campaign_id = effects.campaign_id
    inner join progress
        on
            campaigns.as_of_date = progress.as_of_date
            and campaigns.campaign_id = progress.campaign_id
    cross join parameters
)

select * from final
