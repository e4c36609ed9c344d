-- One row per customer id, month and span of knowledge: how many documents the invoice lines belong to.
with

lines as (
    select * from {{ ref('stg_erp__invoice_lines') }}
),

counted as (
    select
        customer_id,
        {{ month_start('posting_date') }} as month_start,
        known_from,
        known_to,
        {{ whole("count(distinct case when doc_type = 'invoice' then company_id || '/' || invoice_id end)") }} as invoice_count
    from lines
    group by customer_id, {{ month_start('posting_date') }}, known_from, known_to
)

select * from counted
