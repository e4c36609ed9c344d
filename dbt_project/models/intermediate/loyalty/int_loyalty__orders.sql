-- One row per as-of date and parent with an order in the 12 months: how many, over which channels, how many changes and errors.
with

dates as (
    {{ dates_asked(['order_change_ratio', 'order_error_ratio'], with_compared=true) }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

-- A channel, a change or an error counts only where the source says it: without any, the counts are unknown and not 0.
counted as (
    select
        dates.as_of_date,
        customers.ultimate_parent_id,
        {{ whole('count(*)') }} as orders_in_window,
        {{ whole("case when count(orders.channel) > 0 then count_if(orders.channel = 'field') end") }} as field_orders,
        {{ whole("case when count(orders.channel) > 0 then count_if(orders.channel = 'inside') end") }} as inside_orders,
        {{ whole("case when count(orders.channel) > 0 then count_if(orders.channel = 'web') end") }} as web_orders,
        {{ whole("case when count(orders.channel) > 0 then count_if(orders.channel = 'edi') end") }} as edi_orders,
        {{ whole('sum(coalesce(orders.change_count, 0))') }} as changes_in_window,
        {{ whole('sum(coalesce(orders.error_count, 0))') }} as errors_in_window,
        count(orders.change_count) > 0 as is_change_known,
        count(orders.error_count) > 0 as is_error_known
    from dates
    inner join {{ ref('stg_erp__orders') }} as orders
        on
            {{ is_known('orders', 'dates') }}
            and orders.order_date between dates.window_start and dates.as_of_date
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and orders.customer_id = customers.customer_id
    group by dates.as_of_date, customers.ultimate_parent_id
)

select * from counted
