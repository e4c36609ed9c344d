-- One row per as-of date, parent and gap between two distinct order dates; the last gap of each parent is still open.
with

dates as (
    {{ dates_asked(['int_loyalty__parent', 'int_loyalty__repeat'], with_compared=true) }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

order_dates as (
    select distinct
        dates.as_of_date,
        customers.ultimate_parent_id,
        order_days.order_date
    from dates
    inner join {{ ref('int_loyalty__order_days') }} as order_days
        on
            dates.known_at = order_days.known_at
            and order_days.counts_from <= dates.as_of_date
            and (order_days.counts_to is null or order_days.counts_to > dates.as_of_date)
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and order_days.customer_id = customers.customer_id
),

gaps as (
    select
        as_of_date,
        ultimate_parent_id,
        order_date as gap_start,
        lead(order_date) over (partition by as_of_date, ultimate_parent_id order by order_date) as gap_end
    from order_dates
),

measured as (
    select
        as_of_date,
        ultimate_parent_id,
        gap_start,
        gap_end,
        gap_end is null as is_open,
        {{ days_between('gap_start', 'coalesce(gap_end, as_of_date)') }} as gap_days
    from gaps
)

select * from measured
