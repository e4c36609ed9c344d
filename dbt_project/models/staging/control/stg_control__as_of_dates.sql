-- One row per as-of date of this run, with the time up to which things count as known and the windows the method looks at.
with

as_of_dates as (
    select * from {{ source('control', 'as_of_dates') }}
),

windows as (
    select
        as_of_date,
        known_at,
        is_latest,
        true as is_shown, -- stub
        {{ add_months(month_start('as_of_date'), -11) }} as window_start,
        {{ add_months(month_start('as_of_date'), -23) }} as prior_window_start,
        {{ add_months(month_start('as_of_date'), -47) }} as base_window_start,
        {{ add_months(month_start('as_of_date'), -36) }} as base_window_last_month
    from as_of_dates
)

select * from windows
