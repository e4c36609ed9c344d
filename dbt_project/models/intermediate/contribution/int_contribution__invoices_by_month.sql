-- One row per customer id, month and span of knowledge: how many invoices were known then.
with

lines as (
    select * from {{ ref('stg_erp__invoice_lines') }}
    where doc_type = 'invoice'
),

-- Lines of one invoice may come in several deliveries: it is known from the first one, and as long as one of them is.
invoices as (
    select
        customer_id,
        company_id,
        invoice_id,
        {{ month_start('min(posting_date)') }} as month_start,
        min(known_from) as known_from,
        case when count(known_to) = count(*) then max(known_to) end as known_to
    from lines
    group by customer_id, company_id, invoice_id
),

counted as (
    select
        customer_id,
        month_start,
        known_from,
        known_to,
        {{ whole('count(*)') }} as invoice_count
    from invoices
    group by customer_id, month_start, known_from, known_to
)

select * from counted
