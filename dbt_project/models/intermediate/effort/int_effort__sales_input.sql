-- One row per as-of date, scored parent, month of the 12 and activity type: what was logged. Counted activities only.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

activities as (
    select * from {{ ref('int_contribution__activities') }}
    where is_in_window
),

summed as (
    select
        activities.as_of_date,
        activities.ultimate_parent_id,
        activities.month_start,
        activities.activity_type,
        min(activities.pool) as pool,
        {{ whole('count(*)') }} as activities,
        {{ whole('count_if(activities.is_duration_imputed)') }} as imputed_durations,
        {{ whole('sum(activities.minutes)') }} as logged_minutes,
        {{ money('sum(activities.cost)') }} as sales_cost
    from activities
    inner join parents
        on
            activities.as_of_date = parents.as_of_date
            and activities.ultimate_parent_id = parents.ultimate_parent_id
    group by activities.as_of_date, activities.ultimate_parent_id, activities.month_start, activities.activity_type
)

select * from summed
