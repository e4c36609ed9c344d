-- One row per as-of date and invoice line of its 12 months booked on a customer that nobody knows.
{{ config(meta={'decides': 'invoice_lines.customer_id unknown'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_shown() }}
),

lines as (
    select * from {{ ref('int_contribution__lines_converted') }}
    where known_to is null
),

known_customers as (
    select customers.as_of_date, customers.customer_id
    from customers
    inner join parents
        on
            customers.as_of_date = parents.as_of_date
            and customers.ultimate_parent_id = parents.ultimate_parent_id
),

-- Read from the months of each customer: of the lines themselves only the unknown ones are asked for.
used_customers as (
    select distinct customer_id from {{ ref('int_contribution__lines_by_month') }}
    where known_to is null
),

unknown_customers as (
    select
        dates.as_of_date,
        dates.window_start,
        used_customers.customer_id
    from dates
    cross join used_customers
    left join known_customers
        on
            dates.as_of_date = known_customers.as_of_date
            and used_customers.customer_id = known_customers.customer_id
    where known_customers.customer_id is null
),

final as (
    select
        unknown_customers.as_of_date,
        {{ finding(
            'unknown_customer_invoice', 'invoice_lines',
            "lines.company_id || '|' || lines.invoice_id || '|' || lines.line_no", 'lines.month_start',
            amount='abs(lines.gross_list_revenue - lines.revenue_deductions)', place='lines'
        ) }}
    from unknown_customers
    inner join lines
        on
            unknown_customers.customer_id = lines.customer_id
            and lines.posting_date between unknown_customers.window_start and unknown_customers.as_of_date
)

select * from final
