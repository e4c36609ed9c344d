-- One row per delivered activity and person of ours who took part, of the windows in use and after them, in its newest version, known yet
-- or not: what the checks of the sales input look at. row_id names the row to whoever corrects it, and nobody who took part.
with

first_day as (
    select min(window_start) as first_day from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

activity_types as (
    select * from {{ ref('stg_settings__activity_types') }}
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

-- A version is the newest while no later delivery replaced it or left it out.
activities as (
    select
        delivered.*,
        {{ company_day('delivered.activity_at') }} as activity_date,
        {{ company_day('delivered.recorded_at') }} as recorded_on
    from {{ ref('stg_crm__activities') }} as delivered
    where delivered.known_to is null
),

-- Only of an activity of several people the rows need a number.
shared_ids as (
    select activity_id
    from activities
    group by activity_id
    having count(*) > 1
),

participants as (
    select
        activities.activity_id,
        activities.participant,
        row_number() over (partition by activities.activity_id order by activities.participant) as number
    from activities
    inner join shared_ids on activities.activity_id = shared_ids.activity_id
),

described as (
    select
        activities.activity_id,
        activities.participant,
        activities.account_id,
        activities.activity_type,
        coalesce(activity_types.is_visit, false) as is_visit,
        activity_types.pool,
        activities.activity_at,
        coalesce(activities.has_time, true) as has_time,
        activities.activity_date,
        activities.recorded_at,
        activities.recorded_on,
        activities.duration_minutes,
        coalesce(activities.duration_minutes, activity_types.standard_minutes, 0) as minutes,
        activities.rep_key,
        activities.contact_key,
        activities.outcome,
        activities.file_name,
        activities.line_number
    from activities
    inner join first_day on activities.activity_date >= first_day.first_day
    left join activity_types on activities.activity_type = activity_types.activity_type
),

costed as (
    select
        described.activity_id,
        case
            when participants.number > 1 then described.activity_id || '|' || participants.number
            else described.activity_id
        end as row_id,
        described.account_id,
        described.activity_type,
        described.is_visit,
        described.activity_at,
        described.has_time,
        described.activity_date,
        {{ month_start('described.activity_date') }} as month_start,
        described.recorded_at,
        described.recorded_on,
        described.duration_minutes,
        described.rep_key,
        described.contact_key,
        described.outcome,
        {{ money('coalesce(' ~ exact_div('cast(described.minutes as decimal(18, 0)) * pools.annual_cost', '60 * pools.practical_capacity_hours', 2) ~ ', 0)') }} as cost,
        described.file_name,
        described.line_number
    from described
    left join participants
        on
            described.activity_id = participants.activity_id
            and described.participant = participants.participant
    left join pools
        on
            described.pool = pools.pool
            and pools.valid_from <= described.activity_date
            and (pools.valid_to is null or pools.valid_to >= described.activity_date)
)

select * from costed
