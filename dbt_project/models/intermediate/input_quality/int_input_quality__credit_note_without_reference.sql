-- One row per as-of date and line of its 12 months of a credit note that does not say which invoice it corrects.
{{ config(meta={'decides': 'invoice_lines.reference_invoice_id missing'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

lines as (
    select * from {{ ref('int_contribution__lines_converted') }}
    where known_to is null and doc_type = 'credit_note' and reference_invoice_id is null
),

final as (
    select
        dates.as_of_date,
        {{ finding(
            'credit_note_without_reference', 'invoice_lines',
            "lines.company_id || '|' || lines.invoice_id || '|' || lines.line_no", 'lines.month_start', 'customers.ultimate_parent_id',
            'abs(lines.gross_list_revenue - lines.revenue_deductions)', place='lines'
        ) }}
    from lines
    inner join dates on lines.posting_date between dates.window_start and dates.as_of_date
    left join customers
        on
            dates.as_of_date = customers.as_of_date
            and lines.customer_id = customers.customer_id
)

select * from final
