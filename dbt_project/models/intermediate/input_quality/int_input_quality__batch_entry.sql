-- One row per as-of date and activity of its 12 months that was entered in a burst, by people who keep doing that.
{{ config(meta={'decides': 'activities.recorded_at habit'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

activities as (
    select * from {{ ref('int_input_checks__activities') }}
),

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

-- Only a day with enough entries of a person can hold a burst.
busy_days as (
    select
        activities.rep_key,
        activities.recorded_on
    from activities
    cross join limits
    where activities.rep_key is not null
    group by activities.rep_key, activities.recorded_on
    having count(*) >= max(limits.batch_min_entries)
),

-- Entries of a person and day in the order in which they were made.
sequenced as (
    select
        activities.*,
        row_number() over (partition by activities.rep_key, activities.recorded_on order by activities.recorded_at, activities.activity_id) as position
    from activities
    inner join busy_days
        on
            activities.rep_key = busy_days.rep_key
            and activities.recorded_on = busy_days.recorded_on
),

-- A burst begins where the entry that fills it follows within the minutes.
marked as (
    select
        sequenced.*,
        max(case when filling.activity_id is not null then sequenced.position end) over (
            partition by sequenced.rep_key, sequenced.recorded_on
            order by sequenced.position
            rows between unbounded preceding and current row
        ) as burst_start
    from sequenced
    cross join limits
    left join sequenced as filling
        on
            sequenced.rep_key = filling.rep_key
            and sequenced.recorded_on = filling.recorded_on
            and filling.position = sequenced.position + limits.batch_min_entries - 1
            and filling.recorded_at <= {{ add_minutes('sequenced.recorded_at', 'limits.batch_within_minutes') }}
),

bursts as (
    select marked.*
    from marked
    cross join limits
    where marked.position < marked.burst_start + limits.batch_min_entries
),

reps as (
    select
        dates.as_of_date,
        dates.window_start,
        bursts.rep_key
    from dates
    inner join (select distinct rep_key, recorded_on from bursts) as bursts
        on bursts.recorded_on between dates.window_start and dates.as_of_date
    cross join limits
    group by dates.as_of_date, dates.window_start, bursts.rep_key
    having count(*) >= max(limits.batch_min_days)
),

found as (
    select
        reps.as_of_date,
        bursts.*
    from reps
    inner join bursts
        on
            reps.rep_key = bursts.rep_key
            and bursts.activity_date between reps.window_start and reps.as_of_date
            and bursts.recorded_on <= reps.as_of_date
),

final as (
    select
        found.as_of_date,
        {{ finding(
            'batch_entry', 'activities', 'found.row_id', 'found.month_start', 'accounts.ultimate_parent_id', 'found.cost', place='found'
        ) }}
    from found
    left join accounts
        on
            found.as_of_date = accounts.as_of_date
            and found.account_id = accounts.account_id
)

select * from final
