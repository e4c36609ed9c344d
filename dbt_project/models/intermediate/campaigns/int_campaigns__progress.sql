-- One row per as-of date and campaign: how far each of the six steps of the programme is, in numbers, and whether the programme keeps its
-- rules: one focus a quarter, three to four campaigns a year.
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

candidates as (
    select
        as_of_date,
        campaign_id,
        {{ whole('count(*)') }} as candidate_customers
    from {{ ref('int_campaigns__candidates') }}
    group by as_of_date, campaign_id
),

members as (
    select
        as_of_date,
        campaign_id,
        {{ whole('count_if(not is_control)') }} as treated_members,
        {{ whole('count_if(is_control)') }} as control_members,
        {{ whole('count_if(not is_control and campaign_activities > 0)') }} as contacted_members,
        {{ whole('sum(case when is_control then 0 else campaign_activities end)') }} as campaign_activities
    from {{ ref('int_campaigns__members') }}
    group by as_of_date, campaign_id
),

-- Only those whose level is known on both days: else the mean would move because others are in it.
levels as (
    select
        as_of_date,
        campaign_id,
        {{ whole('count(*)') }} as members_with_levels,
        {{ score(exact_div('sum(focus_level_before)', 'count(*)', 4)) }} as focus_level_before,
        {{ score(exact_div('sum(focus_level_now)', 'count(*)', 4)) }} as focus_level_now
    from {{ ref('int_campaigns__focus_levels') }}
    where arm = 'treated' and focus_level_before is not null and focus_level_now is not null
    group by as_of_date, campaign_id
),

effects as (
    select * from {{ ref('int_campaigns__effects') }}
),

quarters as (
    select
        as_of_date,
        campaign_quarter,
        count(distinct focus_criterion_id) as foci
    from campaigns
    group by as_of_date, campaign_quarter
),

years as (
    select
        as_of_date,
        substr(campaign_quarter, 1, 4) as campaign_year,
        {{ whole('count(*)') }} as campaigns_in_year
    from campaigns
    group by as_of_date, substr(campaign_quarter, 1, 4)
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        campaigns.as_of_date,
        campaigns.campaign_id,
        campaigns.campaign_phase,
        campaigns.is_focus_known,
        coalesce(candidates.candidate_customers, 0) as candidate_customers,
        coalesce(members.treated_members, 0) as treated_members,
        coalesce(members.control_members, 0) as control_members,
        coalesce(members.contacted_members, 0) as contacted_members,
        coalesce(members.campaign_activities, 0) as campaign_activities,
        {{ ratio(exact_div('members.contacted_members', 'members.treated_members')) }} as contacted_members_ratio,
        coalesce(levels.members_with_levels, 0) as members_with_levels,
        levels.focus_level_before,
        levels.focus_level_now,
        {{ score('levels.focus_level_now - levels.focus_level_before') }} as focus_level_change,
        effects.months_compared,
        effects.effect_net_revenue,
        effects.is_descriptive_only,
        effects.effect_status,
        quarters.foci > 1 as is_focus_conflict,
        years.campaigns_in_year,
        years.campaigns_in_year > parameters.campaign_programmes_per_year as is_programme_limit_exceeded
    from campaigns
    cross join parameters
    inner join effects
        on
            campaigns.as_of_date = effects.as_of_date
            and campaigns.campaign_id = effects.campaign_id
    inner join quarters
        on
            campaigns.as_of_date = quarters.as_of_date
            and campaigns.campaign_quarter = quarters.campaign_quarter
    inner join years
        on
            campaigns.as_of_date = years.as_of_date
            and substr(campaigns.campaign_quarter, 1, 4) = years.campaign_year
    left join candidates
        on
            campaigns.as_of_date = candidates.as_of_date
            and campaigns.campaign_id = candidates.campaign_id
    left join members
        on
            campaigns.as_of_date = members.as_of_date
            and campaigns.campaign_id = members.campaign_id
    left join levels
        on
            campaigns.as_of_date = levels.as_of_date
            and campaigns.campaign_id = levels.campaign_id
)

select * from final
