-- One row per version of an item of the receivables ledger, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'open_items'), 'open_items', ['company_id', 'invoice_id', 'item_no']) }}
),

renamed as (
    select
        -- keys
        company_id,
        invoice_id,
        item_no,
        customer_id,
        -- amounts
        amount,
        currency_code,
        -- flags
        is_disputed,
        -- dates
        due_date,
        cleared_date,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
