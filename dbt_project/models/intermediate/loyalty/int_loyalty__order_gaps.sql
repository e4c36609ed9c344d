-- One row per as-of date, parent and gap between two distinct order dates; the last gap of each parent is still open.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

order_dates as (
    select distinct
        dates.as_of_date,
        customers.ultimate_parent_id,
        orders.order_date
    from dates
    inner join {{ ref('stg_erp__orders') }} as orders
        on {{ is_known('orders', 'dates') }} and orders.order_date <= dates.as_of_date
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and orders.customer_id = customers.customer_id
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
