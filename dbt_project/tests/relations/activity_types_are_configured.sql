-- A returned row is an activity type sales uses that config/portfolio.yml does not know: its hours cost nothing and count as no visit.
{{ config(severity='warn', meta={
    'decides': 'activities.activity_type unknown',
    'what': 'every activity type in use has a pool and standard minutes',
    'remedy': 'add the type to activity_types in config/portfolio.yml, or map it to a known one in config/sources.yml',
}) }}
select
    activities.activity_type,
    count(*) as activities,
    min(activities.activity_at) as first_at,
    max(activities.activity_at) as last_at
from {{ ref('stg_crm__activities') }} as activities
left join {{ ref('stg_settings__activity_types') }} as activity_types on activities.activity_type = activity_types.activity_type
where activity_types.activity_type is null
group by activities.activity_type
