-- One row per as-of date and activity known then, with what it cost. The latest as-of date keeps every month (the month marts look
-- back from it), earlier ones their 12 months. Activities that do not count stay, with the reason.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

activity_types as (
    select * from {{ ref('stg_settings__activity_types') }}
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

known_activities as (
    select
        dates.as_of_date,
        dates.window_start,
        activities.activity_id,
        activities.account_id,
        activities.activity_type,
        activities.activity_at,
        cast(activities.activity_at as date) as activity_date,
        activities.recorded_at,
        activities.duration_minutes,
        activities.rep_key,
        activities.contact_key,
        activities.outcome,
        activities.campaign_id
    from dates
    inner join {{ ref('stg_crm__activities') }} as activities
        on
            {{ is_known('activities', 'dates') }}
            and (dates.is_latest or cast(activities.activity_at as date) >= dates.window_start)
),

placed as (
    select
        known_activities.*,
        accounts.entity_id,
        accounts.ultimate_parent_id,
        activity_types.pool,
        coalesce(activity_types.is_visit, false) as is_visit,
        coalesce(known_activities.duration_minutes, activity_types.standard_minutes, 0) as minutes,
        known_activities.duration_minutes is null as is_duration_imputed,
        known_activities.activity_date > known_activities.as_of_date as is_future_dated,
        -- Several participants of one group, or one meeting entered twice: the lowest id counts.
        row_number() over (
            partition by
                known_activities.as_of_date,
                coalesce(accounts.ultimate_parent_id, known_activities.account_id),
                known_activities.activity_type,
                known_activities.rep_key,
                known_activities.activity_at
            order by known_activities.activity_id
        ) > 1 as is_duplicate
    from known_activities
    left join accounts
        on
            known_activities.as_of_date = accounts.as_of_date
            and known_activities.account_id = accounts.account_id
    left join activity_types on known_activities.activity_type = activity_types.activity_type
),

costed as (
    select
        placed.as_of_date,
        placed.activity_id,
        placed.account_id,
        placed.entity_id,
        placed.ultimate_parent_id,
        placed.activity_type,
        placed.pool,
        pools.account_group,
        placed.is_visit,
        placed.activity_at,
        placed.activity_date,
        {{ month_start('placed.activity_date') }} as month_start,
        placed.recorded_at,
        placed.rep_key,
        placed.contact_key,
        placed.outcome,
        placed.campaign_id,
        placed.minutes,
        placed.is_duration_imputed,
        placed.is_future_dated,
        placed.is_duplicate,
        not placed.is_future_dated and not placed.is_duplicate as is_counted,
        not placed.is_future_dated and not placed.is_duplicate
        and placed.activity_date >= placed.window_start as is_in_window,
        {{ money('coalesce(' ~ exact_div('cast(placed.minutes as decimal(18, 0)) * pools.annual_cost', '60 * pools.practical_capacity_hours', 2) ~ ', 0)') }} as cost
    from placed
    left join pools
        on
            placed.pool = pools.pool
            and pools.valid_from <= placed.activity_date
            and (pools.valid_to is null or pools.valid_to >= placed.activity_date)
)

select * from costed
