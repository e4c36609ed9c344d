-- One row per as-of date, activity known then and person of ours who took part, with what it cost. The latest as-of date keeps every month (the month marts look
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

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

knowledge as (
    select distinct known_at from dates
),

activities as (
    select
        delivered.*,
        {{ company_day('delivered.activity_at') }} as activity_date
    from {{ ref('stg_crm__activities') }} as delivered
),

-- What an activity is and costs depends on what is known, not on the as-of date.
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
),

-- Only these can be one activity entered twice: few, so that the as-of dates need not sort all of them. Days without a time say
-- nothing about that: three calls of one day are three.
shared_moments as (
    select
        known_at,
        activity_type,
        activity_at,
        participant
    from costed
    where has_time
    group by known_at, activity_type, activity_at, participant
    having count(*) > 1
),

-- Several participants of one group, or one meeting entered twice: the lowest id counts.
ranked as (
    select
        dates.as_of_date,
        costed.activity_id,
        costed.participant,
        row_number() over (
            partition by
                dates.as_of_date,
                coalesce(accounts.ultimate_parent_id, costed.account_id),
                costed.activity_type,
                costed.participant,
                costed.activity_at
            order by costed.activity_id
        ) as position
    from costed
    inner join shared_moments
        on
            costed.known_at = shared_moments.known_at
            and costed.activity_type = shared_moments.activity_type
            and costed.activity_at = shared_moments.activity_at
            and costed.participant = shared_moments.participant
            and costed.has_time
    inner join dates
        on
            costed.known_at = dates.known_at
            and (dates.is_latest or costed.activity_date between dates.window_start and dates.as_of_date)
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and costed.account_id = accounts.account_id
),

duplicates as (
    select as_of_date, activity_id, participant from ranked
    where position > 1
),

placed as (
    select
        dates.as_of_date,
        costed.activity_id,
        costed.participant,
        costed.account_id,
        accounts.entity_id,
        accounts.ultimate_parent_id,
        costed.activity_type,
        costed.pool,
        costed.account_group,
        costed.company_id,
        costed.is_visit,
        costed.activity_at,
        costed.activity_date,
        costed.month_start,
        costed.recorded_at,
        costed.rep_key,
        costed.contact_key,
        costed.outcome,
        costed.campaign_id,
        costed.minutes,
        costed.is_duration_imputed,
        costed.activity_date > dates.as_of_date as is_future_dated,
        duplicates.activity_id is not null as is_duplicate,
        costed.activity_date <= dates.as_of_date and duplicates.activity_id is null as is_counted,
        costed.activity_date <= dates.as_of_date and duplicates.activity_id is null
        and costed.activity_date >= dates.window_start as is_in_window,
        -- Without pools, or a company that says it has no sales cost, nobody knows what an hour costs, or it costs nothing.
        {{ money("case depths.sales_status when 'delivered' then costed.cost when 'none' then 0 end") }} as cost
    from costed
    inner join dates
        on
            costed.known_at = dates.known_at
            and (dates.is_latest or costed.activity_date between dates.window_start and dates.as_of_date)
    inner join depths on dates.as_of_date = depths.as_of_date
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and costed.account_id = accounts.account_id
    left join duplicates
        on
            dates.as_of_date = duplicates.as_of_date
            and costed.activity_id = duplicates.activity_id
            and costed.participant = duplicates.participant
)

select * from placed
