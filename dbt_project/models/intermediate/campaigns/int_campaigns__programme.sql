-- One row per shown as-of date and step of S1's programme: its measure, what it is asked for, and whether it is done; NULL is not known
-- (METHOD 1.14).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_shown
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

sources as (
    select
        max(case when table_name = 'potential_estimates' and is_delivered then 1 else 0 end) = 1 as has_estimates,
        max(case when table_name = 'campaigns' and is_delivered then 1 else 0 end) = 1 as has_campaigns
    from {{ ref('stg_control__source_coverage') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer'
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
    where net_revenue > 0
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

criteria as (
    select * from {{ ref('stg_settings__scorecard_criteria') }}
    where scorecard = 'customer' and axis in ('potential', 'attractiveness')
),

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

effects as (
    select * from {{ ref('int_campaigns__effects') }}
),

members as (
    select * from {{ ref('int_campaigns__members') }}
    where arm = 'treated'
),

-- 1 and 3: by revenue, because a customer without any waits for neither an estimate nor a rating.
revenues as (
    select
        parents.as_of_date,
        {{ money('sum(contributions.net_revenue)') }} as net_revenue,
        {{ money('sum(case when ' ~ is_demand_usable('potential') ~ ' then contributions.net_revenue else 0 end)') }} as estimated_net_revenue,
        {{ money('sum(case when ' ~ is_rated('zones.zone_status') ~ ' then contributions.net_revenue else 0 end)') }} as rated_net_revenue
    from parents
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    left join potential
        on
            parents.as_of_date = potential.as_of_date
            and parents.ultimate_parent_id = potential.ultimate_parent_id
    left join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    group by parents.as_of_date
),

-- 2: an axis is valid with three to five criteria whose weights sum to 100.
axes as (
    select {{ whole('count(*)') }} as valid_axes
    from (
        select axis
        from criteria
        group by axis
        having count(*) between 3 and 5 and sum(weight_points) = 100
    ) as valid
),

-- 4: the running quarter is that of the as-of date.
quarters as (
    select
        as_of_date,
        {{ whole('count(distinct focus_criterion_id)') }} as foci
    from campaigns
    where is_of_quarter
    group by as_of_date
),

-- 5: whether the activities name their campaign at all.
named as (
    select
        dates.as_of_date,
        {{ whole('count(*)') }} as named_activities
    from dates
    inner join {{ ref('stg_crm__activities') }} as activities
        on
            {{ is_known('activities', 'dates') }}
            and activities.campaign_id is not null
    group by dates.as_of_date
),

programmes as (
    select
        as_of_date,
        {{ whole("count_if(phase = 'running')") }} as running_programmes,
        {{ whole('count_if(is_of_year)') }} as programmes_in_year
    from campaigns
    group by as_of_date
),

reached as (
    select
        campaigns.as_of_date,
        {{ whole('count(*)') }} as treated_members,
        {{ whole('count_if(members.campaign_activities > 0)') }} as contacted_members
    from campaigns
    inner join members
        on
            campaigns.as_of_date = members.as_of_date
            and campaigns.campaign_id = members.campaign_id
    where campaigns.phase = 'running'
    group by campaigns.as_of_date
),

-- 6: a campaign that waits for its months has no verdict yet and is not asked.
controlled as (
    select
        campaigns.as_of_date,
        {{ whole('count(*)') }} as ended_campaigns,
        {{ whole("count_if(effects.verdict in ('worked', 'did_harm', 'undecided'))") }} as judged_campaigns
    from campaigns
    inner join effects
        on
            campaigns.as_of_date = effects.as_of_date
            and campaigns.campaign_id = effects.campaign_id
    where campaigns.phase = 'measured'
    group by campaigns.as_of_date
),

counted as (
    select
        dates.as_of_date,
        sources.has_estimates,
        sources.has_campaigns,
        parameters.scorecard_agreed_on,
        parameters.programme_step_done_share,
        parameters.campaign_programmes_per_year,
        revenues.net_revenue,
        revenues.estimated_net_revenue,
        revenues.rated_net_revenue,
        axes.valid_axes,
        case when sources.has_campaigns then coalesce(quarters.foci, 0) end as foci,
        case when sources.has_campaigns then coalesce(programmes.running_programmes, 0) end as running_programmes,
        case when sources.has_campaigns then coalesce(programmes.programmes_in_year, 0) end as programmes_in_year,
        case when coalesce(named.named_activities, 0) > 0 then reached.treated_members end as treated_members,
        case when coalesce(named.named_activities, 0) > 0 then reached.contacted_members end as contacted_members,
        case when sources.has_campaigns then coalesce(controlled.ended_campaigns, 0) end as ended_campaigns,
        controlled.judged_campaigns
    from dates
    cross join parameters
    cross join sources
    cross join axes
    {%- for name in ['revenues', 'quarters', 'named', 'programmes', 'reached', 'controlled'] %}
    left join {{ name }} on dates.as_of_date = {{ name }}.as_of_date
    {%- endfor %}
),

steps as (
    select
        as_of_date,
        1 as step_number,
        'potential_check' as step,
        case when has_estimates then {{ ratio(exact_div('estimated_net_revenue', 'net_revenue')) }} end as measure,
        programme_step_done_share as target,
        case
            when has_estimates and net_revenue > 0 then estimated_net_revenue >= {{ part_of('programme_step_done_share', 'net_revenue') }}
        end as is_done
    from counted
    union all
    select
        as_of_date,
        2 as step_number,
        'matrix' as step,
        {{ ratio('valid_axes') }} as measure,
        {{ ratio('2') }} as target,
        valid_axes = 2 and coalesce(scorecard_agreed_on <= as_of_date, false) as is_done
    from counted
    union all
    select
        as_of_date,
        3 as step_number,
        'rating' as step,
        {{ ratio(exact_div('rated_net_revenue', 'net_revenue')) }} as measure,
        programme_step_done_share as target,
        case when net_revenue > 0 then rated_net_revenue >= {{ part_of('programme_step_done_share', 'net_revenue') }} end as is_done
    from counted
    union all
    select
        as_of_date,
        4 as step_number,
        'focus' as step,
        {{ ratio('foci') }} as measure,
        {{ ratio('1') }} as target,
        foci = 1 as is_done
    from counted
    union all
    select
        as_of_date,
        5 as step_number,
        'programmes' as step,
        {{ ratio(exact_div('contacted_members', 'treated_members')) }} as measure,
        programme_step_done_share as target,
        case
            when running_programmes = 0 or programmes_in_year > campaign_programmes_per_year then false
            when treated_members > 0 then contacted_members >= programme_step_done_share * treated_members
        end as is_done
    from counted
    union all
    select
        as_of_date,
        6 as step_number,
        'control' as step,
        {{ ratio(exact_div('judged_campaigns', 'ended_campaigns')) }} as measure,
        programme_step_done_share as target,
        case when ended_campaigns > 0 then judged_campaigns >= programme_step_done_share * ended_campaigns end as is_done
    from counted
),

final as (
    select
        steps.as_of_date,
        cast(steps.step_number as integer) as step_number,
        steps.step,
        steps.measure,
        {{ ratio('steps.target') }} as target,
        steps.is_done,
        case when steps.step = 'matrix' then counted.scorecard_agreed_on end as agreed_on,
        case when steps.step = 'programmes' then counted.running_programmes end as running_programmes,
        case when steps.step = 'programmes' then counted.programmes_in_year end as programmes_in_year,
        case when steps.step = 'programmes' then {{ whole('counted.campaign_programmes_per_year') }} end as programmes_allowed,
        case when steps.step = 'control' then counted.ended_campaigns end as ended_campaigns
    from steps
    inner join counted on steps.as_of_date = counted.as_of_date
)

select * from final
