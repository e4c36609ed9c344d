-- One row per as-of date and activity of its 12 months with a whole or half hour, of people who enter hardly anything else.
{{ config(meta={'decides': 'activities.duration_minutes habit'}) }}
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

-- A duration of exactly half an hour, or of whole hours: what a calendar offers, and what people guess.
timed as (
    select
        activities.*,
        duration_minutes = 30 or duration_minutes % 60 = 0 as is_heaped
    from activities
    where rep_key is not null and duration_minutes is not null
),

rep_months as (
    select
        rep_key,
        month_start,
        count(*) as entries,
        sum(case when is_heaped then 1 else 0 end) as heaped
    from timed
    group by rep_key, month_start
),

reps as (
    select
        dates.as_of_date,
        dates.window_start,
        rep_months.rep_key
    from dates
    inner join rep_months on rep_months.month_start between dates.window_start and dates.as_of_date
    cross join limits
    group by dates.as_of_date, dates.window_start, rep_months.rep_key
    having
        sum(rep_months.entries) >= max(limits.heaping_min_entries)
        and sum(rep_months.heaped) > sum(rep_months.entries) * max(limits.heaping_share_above)
),

found as (
    select
        reps.as_of_date,
        timed.*
    from reps
    inner join timed
        on
            reps.rep_key = timed.rep_key
            and timed.is_heaped
            and timed.activity_date between reps.window_start and reps.as_of_date
),

final as (
    select
        found.as_of_date,
        {{ finding(
            'heaping', 'activities', 'found.row_id', 'found.month_start', 'accounts.ultimate_parent_id', 'found.cost', place='found'
        ) }}
    from found
    left join accounts
        on
            found.as_of_date = accounts.as_of_date
            and found.account_id = accounts.account_id
)

select * from final
