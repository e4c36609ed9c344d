-- One row per as-of date and campaign: how its treated customers did against untreated ones (METHOD 1.14). With few customers on
-- either side the effect is shown, but only describes.
{% set measures = ['net_revenue', 'contribution_4'] %}
{% set sides = [('treated', 'pre'), ('treated', 'post'), ('control', 'pre'), ('control', 'post')] %}
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

members as (
    select * from {{ ref('int_campaigns__members') }}
),

results as (
    select * from {{ ref('int_campaigns__member_results') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

arms as (
    select
        as_of_date,
        campaign_id,
        {{ whole("count_if(coalesce(arm, '') = 'treated')") }} as treated_customers,
        {{ whole("count_if(coalesce(arm, '') = 'control')") }} as control_customers,
        {{ whole('count_if(is_excluded_control)') }} as excluded_controls
    from members
    group by as_of_date, campaign_id
),

summed as (
    select
        {%- for measure in measures %}{% for arm, side in sides %}
        {{ money("sum(case when arm = '" ~ arm ~ "' then " ~ measure ~ "_" ~ side ~ " end)") }} as {{ arm }}_{{ measure }}_{{ side }},
        {%- endfor %}{% endfor %}
        as_of_date,
        campaign_id
    from results
    group by as_of_date, campaign_id
),

-- Months that are not delivered are unknown, not empty.
compared as (
    select
        {%- for measure in measures %}{% for arm, side in sides %}
        case when campaigns.is_pre_delivered then summed.{{ arm }}_{{ measure }}_{{ side }} end as {{ arm }}_{{ measure }}_{{ side }},
        {%- endfor %}{% endfor %}
        campaigns.as_of_date,
        campaigns.campaign_id,
        campaigns.campaign_phase,
        campaigns.months_compared,
        campaigns.is_pre_delivered,
        coalesce(arms.treated_customers, 0) as treated_customers,
        coalesce(arms.control_customers, 0) as control_customers,
        coalesce(arms.excluded_controls, 0) as excluded_controls,
        coalesce(arms.treated_customers, 0) < parameters.campaign_min_members_per_arm
        or coalesce(arms.control_customers, 0) < parameters.campaign_min_members_per_arm as is_descriptive_only
    from campaigns
    cross join parameters
    left join arms
        on
            campaigns.as_of_date = arms.as_of_date
            and campaigns.campaign_id = arms.campaign_id
    left join summed
        on
            campaigns.as_of_date = summed.as_of_date
            and campaigns.campaign_id = summed.campaign_id
),

measured as (
    select
        as_of_date,
        campaign_id,
        months_compared,
        treated_customers,
        control_customers,
        excluded_controls,
        is_descriptive_only,
        {%- for measure in measures %}{% for arm, side in sides %}
        {{ arm }}_{{ measure }}_{{ side }},
        {%- endfor %}
        case
            when control_{{ measure }}_pre > 0
                then {{ ratio(exact_div('control_' ~ measure ~ '_post - control_' ~ measure ~ '_pre', 'control_' ~ measure ~ '_pre')) }}
        end as control_{{ measure }}_growth_ratio,
        {{ difference_in_differences(
            'treated_' ~ measure ~ '_pre', 'treated_' ~ measure ~ '_post', 'control_' ~ measure ~ '_pre', 'control_' ~ measure ~ '_post'
        ) }} as effect_{{ measure }},
        {%- endfor %}
        case
            when months_compared = 0 then 'too_early'
            when not is_pre_delivered then 'not_delivered'
            when treated_customers = 0 then 'no_treated'
            when control_customers = 0 then 'no_controls'
            when control_net_revenue_pre <= 0 then 'no_base'
            when is_descriptive_only then 'descriptive_only'
            else 'measured'
        end as effect_status
    from compared
)

select * from measured
