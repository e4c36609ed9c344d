-- One row per day from the first delivered posting's year to the end of the latest as-of date's year: the calendar and the semantic
-- layer's time spine.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

span as (
    select
        dates.as_of_date,
        cast(date_trunc('year', coalesce(min(lines.first_posting_date), dates.as_of_date)) as date) as first_day,
        {{ add_days(add_months("cast(date_trunc('year', dates.as_of_date) as date)", 12), -1) }} as last_day
    from dates
    left join {{ ref('int_contribution__lines_by_month') }} as lines on lines.first_posting_date <= dates.as_of_date
    group by dates.as_of_date
),

digits as (
    select 0 as digit
    union all
    select 1
    union all
    select 2
    union all
    select 3
    union all
    select 4
    union all
    select 5
    union all
    select 6
    union all
    select 7
    union all
    select 8
    union all
    select 9
),

numbers as (
    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * ten_thousands.digit as number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands
),

days as (
    select
        span.as_of_date,
        {{ add_days('span.first_day', 'numbers.number') }} as date_day
    from span
    inner join numbers on {{ add_days('span.first_day', 'numbers.number') }} <= span.last_day
),

final as (
    select
        cast(days.date_day as date) as date_day,
        days.as_of_date,
        cast(extract(year from days.date_day) as integer) as year_number,
        cast(extract(quarter from days.date_day) as integer) as quarter_number,
        cast(extract(month from days.date_day) as integer) as month_number,
        cast(extract(week from days.date_day) as integer) as iso_week_number,
        cast({{ iso_weekday('days.date_day') }} as integer) as iso_weekday_number,
        {{ month_start('days.date_day') }} as month_start,
        cast({{ month_end('days.date_day') }} as date) as month_end,
        days.date_day = {{ month_end('days.date_day') }} as is_month_end,
        days.date_day <= days.as_of_date as is_past,
        {{ is_latest('days') }} as is_latest,
        parameters.method_version
    from days
    cross join parameters
)

select * from final
