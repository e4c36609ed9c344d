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

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_shown() }}
),

known_customers as (
    select customers.as_of_date, customers.customer_id
    from customers
    inner join parents
        on
            customers.as_of_date = parents.as_of_date
            and customers.ultimate_parent_id = parents.ultimate_parent_id
),

-- Whom every shown month knows: of the lines only those of others are looked at more closely, and converted.
always_known as (
    select counted.customer_id
    from (
        select
            customer_id,
            count(*) as known_dates
        from known_customers
        group by customer_id
    ) as counted
    inner join (select count(*) as shown_dates from dates) as shown on counted.known_dates = shown.shown_dates
),

-- A pass over all of them, whether there is an unknown customer or not: none of the rest of the work grows with the lines.
doubtful_lines as (
    select lines.*
    from {{ ref('stg_erp__invoice_lines') }} as lines
    left join always_known on lines.customer_id = always_known.customer_id
    where
        always_known.customer_id is null
        and lines.known_to is null
),

unknown_lines as (
    select
        dates.as_of_date,
        lines.*
    from dates
    inner join doubtful_lines as lines on lines.posting_date between dates.window_start and dates.as_of_date
    left join known_customers
        on
            dates.as_of_date = known_customers.as_of_date
            and lines.customer_id = known_customers.customer_id
    where known_customers.customer_id is null
),

converted as (
    select
        lines.as_of_date,
        lines.company_id,
        lines.invoice_id,
        lines.line_no,
        lines.doc_type,
        {{ month_start('lines.posting_date') }} as month_start,
        {{ converted_line_amounts() }},
        lines.file_name,
        lines.line_number
    from unknown_lines as lines
    cross join parameters
    {{ join_rates_of_lines() }}
),

-- An advance payment is no revenue (int_contribution__lines_converted).
final as (
    select
        lines.as_of_date,
        {{ finding(
            'unknown_customer_invoice', 'invoice_lines',
            "lines.company_id || '|' || lines.invoice_id || '|' || lines.line_no", 'lines.month_start',
            amount="case when lines.doc_type = 'advance' then 0 else abs(lines.gross_list_revenue - lines.revenue_deductions) end", place='lines'
        ) }}
    from converted as lines
)

select * from final
