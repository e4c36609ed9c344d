-- One row per judged month of this run, with the time up to which things count as known and the windows the method looks at. A version
-- shows those marked so; the zones of each are replayed from its judged_from over the months in between.
with

-- Where nothing says when judging begins, it begins with the first month there is.
as_of_dates as (
    select
        as_of_date,
        known_at,
        is_latest,
        is_open_month,
        coalesce(judged_from, min(as_of_date) over ()) as judged_from,
        {{ is_shown() }} as is_shown
    from {{ source('control', 'as_of_dates') }}
),

windows as (
    select
        as_of_date,
        known_at,
        is_latest,
        judged_from,
        is_shown,
        -- The month before, shown or not, if the month's own replay passes through it.
        case when judged_from < as_of_date then {{ month_end(add_months(month_start('as_of_date'), -1)) }} end as compared_with,
        coalesce(
            lead(is_shown) over (order by as_of_date)
            and lead(judged_from) over (order by as_of_date) <= as_of_date,
            false
        ) as is_compared,
        is_open_month,
        {{ add_months(month_start('as_of_date'), -11) }} as window_start,
        {{ add_months(month_start('as_of_date'), -23) }} as prior_window_start,
        {{ add_months(month_start('as_of_date'), -47) }} as base_window_start,
        {{ add_months(month_start('as_of_date'), -36) }} as base_window_last_month
    from as_of_dates
)

select * from windows
