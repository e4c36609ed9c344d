-- One row per version of an invoice line, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'invoice_lines'), 'invoice_lines', ['company_id', 'invoice_id', 'line_no']) }}
),

renamed as (
    select
        -- keys
        company_id,
        invoice_id,
        line_no,
        customer_id,
        product_id,
        reference_invoice_id,
        -- classes
        doc_type,
        product_group,
        currency_code,
        local_currency_code,
        -- amounts
        quantity,
        gross_list_amount,
        coalesce(revenue_deductions, 0) as revenue_deductions,
        cogs,
        local_net_amount,
        -- flags
        is_promotion,
        revenue_deductions is not null as has_deductions,
        -- dates
        posting_date,
        -- place in the delivery
        file_name,
        line_number,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
