-- One row per time of knowledge, activity known then and person of ours who took part, with what it cost: what an activity is and costs
-- depends on what is known, not on the as-of date.
with

knowledge as (
    select distinct known_at from {{ ref('stg_control__as_of_dates') }}
),

activity_types as (
    select * from {{ ref('stg_settings__activity_types') }}
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

activities as (
    select
        delivered.*,
        {{ company_day('delivered.activity_at') }} as activity_date
    from {{ ref('stg_crm__activities') }} as delivered
),

costed as (
    {%- set minutes = 'coalesce(activities.duration_minutes, activity_types.standard_minutes, 0)' %}
    select
        knowledge.known_at,
        activities.activity_id,
        activities.participant,
        activities.account_id,
        activities.activity_type,
        activity_types.pool,
        pools.account_group,
        pools.company_id,
        coalesce(activity_types.is_visit, false) as is_visit,
        activities.activity_at,
        coalesce(activities.has_time, true) as has_time,
        activities.activity_date,
        {{ month_start('activities.activity_date') }} as month_start,
        activities.recorded_at,
        activities.rep_key,
        activities.contact_key,
        activities.outcome,
        activities.campaign_id,
        {{ minutes }} as minutes,
        activities.duration_minutes is null as is_duration_imputed,
        {{ money('coalesce(' ~ exact_div('cast(' ~ minutes ~ ' as decimal(18, 0)) * pools.annual_cost', '60 * pools.practical_capacity_hours', 2) ~ ', 0)') }} as cost
    from knowledge
    inner join activities on {{ is_known('activities', 'knowledge') }}
    left join activity_types on activities.activity_type = activity_types.activity_type
    left join pools
        on
            activity_types.pool = pools.pool
            and pools.valid_from <= activities.activity_date
            and (pools.valid_to is null or pools.valid_to >= activities.activity_date)
)

select * from costed
