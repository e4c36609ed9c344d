-- One row per as-of date, team and week (Monday to Sunday, wholly inside the 12 months) in which enough of its people worked: how many
-- activities they entered for it.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

activities as (
    select * from {{ ref('int_input_checks__activities') }}
),

reps as (
    select
        dates.as_of_date,
        reps.rep_key,
        reps.team,
        reps.active_from,
        reps.active_to
    from dates
    inner join {{ ref('stg_crm__sales_reps') }} as reps
        on {{ is_known('reps', 'dates') }} and reps.team is not null
),

-- The first delivered week may have begun before the deliveries do. Of weeks so old that the person was taken out of their visits nobody
-- can tell who was silent.
first_days as (
    select
        coalesce(
            {{ add_days(company_day('max(case when ' ~ is_taken_out('rep_key') ~ ' then activity_at end)'), 1) }},
            {{ company_day('min(activity_at)') }}
        ) as first_day
    from {{ ref('stg_crm__activities') }}
),

last_day as (
    select max(as_of_date) as last_date from dates
),

first_weeks as (
    select
        {{ add_days('first_days.first_day', '8 - ' ~ iso_weekday('first_days.first_day')) }} as week_start,
        last_day.last_date
    from first_days
    cross join last_day
),

-- The first one and every one that ends by the last as-of date.
numbered_weeks as (
    select
        cast(week_start as date) as week_start,
        {{ numbers_to(whole_quotient('greatest(' ~ days_between('week_start', 'last_date') ~ ' - 6, 0)', 7)) }} as weeks_later
    from first_weeks
    where week_start is not null
),

weeks as (
    select cast({{ add_days('week_start', '7 * weeks_later') }} as date) as week_start
    from numbered_weeks
),

team_weeks as (
    select
        dates.as_of_date,
        reps.team,
        weeks.week_start,
        count(distinct reps.rep_key) as rep_count
    from dates
    inner join weeks
        on weeks.week_start >= dates.window_start and {{ add_days('weeks.week_start', 6) }} <= dates.as_of_date
    inner join reps
        on
            dates.as_of_date = reps.as_of_date
            and (reps.active_from is null or reps.active_from <= weeks.week_start)
            and (reps.active_to is null or reps.active_to >= {{ add_days('weeks.week_start', 6) }})
    group by dates.as_of_date, reps.team, weeks.week_start
),

rep_weeks as (
    select
        rep_key,
        {{ add_days('activity_date', '1 - ' ~ iso_weekday('activity_date')) }} as week_start,
        count(*) as entry_count
    from activities
    where rep_key is not null
    group by rep_key, {{ add_days('activity_date', '1 - ' ~ iso_weekday('activity_date')) }}
),

entries as (
    select
        reps.as_of_date,
        reps.team,
        rep_weeks.week_start,
        sum(rep_weeks.entry_count) as entry_count
    from reps
    inner join rep_weeks on reps.rep_key = rep_weeks.rep_key
    group by reps.as_of_date, reps.team, rep_weeks.week_start
),

counted as (
    select
        team_weeks.as_of_date,
        team_weeks.team,
        team_weeks.week_start,
        {{ month_start('team_weeks.week_start') }} as month_start,
        {{ whole('coalesce(entries.entry_count, 0)') }} as entry_count
    from team_weeks
    inner join limits on team_weeks.rep_count >= limits.team_week_min_reps
    left join entries
        on
            team_weeks.as_of_date = entries.as_of_date
            and team_weeks.team = entries.team
            and team_weeks.week_start = entries.week_start
)

select * from counted
