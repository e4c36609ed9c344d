-- One row per month of the latest as-of date and sales team, and one for all teams: what its people logged, how many they were, and the
-- largest part of it that one of them did. Each month stands in one row only: the same month as of two dates would differ by whoever
-- changed the team or logged late.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

reps as (
    select dates.as_of_date, reps.rep_key, reps.team
    from dates
    inner join {{ ref('stg_crm__sales_reps') }} as reps on {{ is_known('reps', 'dates') }}
),

-- Entries that name nobody are one person's work as far as anybody knows.
per_person as (
    select
        activities.as_of_date,
        activities.month_start,
        coalesce(reps.team, '(no team)') as team,
        coalesce(activities.rep_key, '(unknown)') as person,
        count(*) as activities,
        sum(activities.minutes) as minutes,
        sum(activities.cost) as cost
    from {{ ref('int_contribution__activities') }} as activities
    inner join dates on activities.as_of_date = dates.as_of_date
    left join reps
        on
            activities.as_of_date = reps.as_of_date
            and activities.rep_key = reps.rep_key
    where activities.is_in_window
    group by
        activities.as_of_date,
        activities.month_start,
        coalesce(reps.team, '(no team)'),
        coalesce(activities.rep_key, '(unknown)')
),

with_total as (
    select as_of_date, month_start, team, false as is_total, person, activities, minutes, cost from per_person
    union all
    select as_of_date, month_start, '(all)' as team, true as is_total, person, activities, minutes, cost from per_person
),

summed as (
    select
        as_of_date,
        month_start,
        team,
        is_total,
        {{ whole('count(*)') }} as members,
        {{ whole('sum(activities)') }} as activities,
        {{ whole('sum(minutes)') }} as logged_minutes,
        {{ money('sum(cost)') }} as sales_cost,
        greatest(
            {{ exact_div('max(activities)', 'sum(activities)', 10, decimals=0) }},
            coalesce({{ exact_div('max(minutes)', 'sum(minutes)', 10, decimals=0) }}, 0),
            coalesce({{ exact_div('max(cost)', 'sum(cost)', 10, decimals=2) }}, 0)
        ) as largest_share
    from with_total
    group by as_of_date, month_start, team, is_total
)

select * from summed
