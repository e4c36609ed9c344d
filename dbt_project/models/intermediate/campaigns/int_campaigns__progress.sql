-- One row per as-of date and campaign: how many it reached, what it moved among the treated, and whether the programme keeps its rules: one
-- focus a quarter, three to four campaigns a year.
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
        {{ whole("count_if(coalesce(arm, '') = 'treated')") }} as treated_members,
        {{ whole("count_if(coalesce(arm, '') = 'control')") }} as control_members,
        {{ whole("count_if(coalesce(arm, '') = 'treated' and campaign_activities > 0)") }} as contacted_members,
        {{ whole("sum(case when arm = 'treated' then campaign_activities else 0 end)") }} as campaign_activities
    from {{ ref('int_campaigns__members') }}
    group by as_of_date, campaign_id
),

-- Only those whose level is known on both days: else the mean would move because others are in it.
levels as (
    select
        as_of_date,
        campaign_id,
        {{ whole('count(*)') }} as levels_moved_n,
        {{ score(exact_div('sum(focus_level_start)', 'count(*)', 4)) }} as focus_level_start,
        {{ score(exact_div('sum(focus_level_end)', 'count(*)', 4)) }} as focus_level_end,
        {{ score(exact_div('sum(focus_level_end - focus_level_start)', 'count(*)', 4)) }} as levels_moved
    from {{ ref('int_campaigns__focus_levels') }}
    where arm = 'treated' and focus_level_start is not null and focus_level_end is not null
    group by as_of_date, campaign_id
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
        coalesce(candidates.candidate_customers, 0) as candidate_customers,
        coalesce(members.treated_members, 0) as treated_members,
        coalesce(members.control_members, 0) as control_members,
        coalesce(members.contacted_members, 0) as contacted_members,
        coalesce(members.campaign_activities, 0) as campaign_activities,
        {{ ratio(exact_div('members.contacted_members', 'members.treated_members')) }} as contacted_members_ratio,
        coalesce(levels.levels_moved_n, 0) as levels_moved_n,
        levels.focus_level_start,
        levels.focus_level_end,
        levels.levels_moved,
        quarters.foci > 1 as is_focus_conflict,
        years.campaigns_in_year,
        years.campaigns_in_year > parameters.campaign_programmes_per_year as is_programme_limit_exceeded
    from campaigns
    cross join parameters
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
