-- One row per as-of date, campaign and step of the programme: the cockpit of six steps, each with its state and its figures. A figure
-- stands on its own step only.
{% set steps = [
    (1, 'focus', 'Focus chosen', 'Schwerpunkt gewählt'),
    (2, 'candidates', 'Candidates selected', 'Kandidaten ausgewählt'),
    (3, 'members', 'Members and controls assigned', 'Teilnehmer und Kontrollgruppe zugeordnet'),
    (4, 'treatment', 'Treatment running', 'Maßnahmen laufen'),
    (5, 'levels', 'Levels moved', 'Stufen bewegt'),
    (6, 'effect', 'Effect measured', 'Wirkung gemessen'),
] %}
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
),

progress as (
    select * from {{ ref('int_campaigns__progress') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

steps as (
    {%- for number, step, name_en, name_de in steps %}
    select {{ number }} as step_number, '{{ step }}' as step, '{{ name_en }}' as step_en, '{{ name_de }}' as step_de
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        campaigns.as_of_date,
        campaigns.campaign_id,
        cast(steps.step_number as integer) as step_number,
        campaigns.campaign_name,
        campaigns.campaign_quarter,
        campaigns.focus_criterion_id,
        campaigns.focus_name_en,
        campaigns.focus_name_de,
        campaigns.campaign_phase,
        campaigns.starts_on,
        campaigns.ends_on,
        steps.step,
        steps.step_en,
        steps.step_de,
        case
            when steps.step = 'focus' and progress.is_focus_known then 'done'
            when steps.step = 'candidates' and progress.treated_members > 0 then 'done'
            when steps.step = 'candidates' and progress.candidate_customers > 0 then 'running'
            when steps.step = 'members' and progress.treated_members > 0 and progress.control_members > 0 then 'done'
            when steps.step = 'members' and progress.treated_members + progress.control_members > 0 then 'running'
            when steps.step = 'treatment' and progress.contacted_members > 0 and campaigns.campaign_phase = 'ended' then 'done'
            when steps.step = 'treatment' and progress.contacted_members > 0 then 'running'
            when steps.step = 'levels' and progress.members_with_levels > 0 and campaigns.campaign_phase = 'ended' then 'done'
            when steps.step = 'levels' and progress.members_with_levels > 0 then 'running'
            when
                steps.step = 'effect' and progress.effect_status in ('measured', 'descriptive_only')
                then case when progress.months_compared = 12 then 'done' else 'running' end
            else 'open'
        end as step_status,
        case when steps.step = 'candidates' then progress.candidate_customers end as candidate_customers,
        case when steps.step = 'members' then progress.treated_members end as treated_members,
        case when steps.step = 'members' then progress.control_members end as control_members,
        case when steps.step = 'treatment' then progress.campaign_activities end as campaign_activities,
        case when steps.step = 'treatment' then progress.contacted_members end as contacted_members,
        case when steps.step = 'treatment' then progress.contacted_members_ratio end as contacted_members_ratio,
        case when steps.step = 'levels' then progress.members_with_levels end as members_with_levels,
        case when steps.step = 'levels' then progress.focus_level_before end as focus_level_before,
        case when steps.step = 'levels' then progress.focus_level_now end as focus_level_now,
        case when steps.step = 'levels' then progress.focus_level_change end as focus_level_change,
        case when steps.step = 'effect' then progress.months_compared end as months_compared,
        case when steps.step = 'effect' then progress.effect_net_revenue end as effect_net_revenue,
        case when steps.step = 'effect' then progress.effect_status end as effect_status,
        progress.is_focus_conflict,
        progress.campaigns_in_year,
        progress.is_programme_limit_exceeded,
        parameters.method_version
    from campaigns
    inner join progress
        on
            campaigns.as_of_date = progress.as_of_date
            and campaigns.campaign_id = progress.campaign_id
    cross join steps
    cross join parameters
)

select * from final
