-- One row per rejected row of invoice_lines in a batch that counts, typed where it parses.
with

quarantined as (
    select * from {{ source('quarantine', 'invoice_lines') }}
),

active_batches as (
    select distinct batch_id from {{ ref('stg_control__load_batches') }}
    where is_active and table_name = 'invoice_lines'
),

renamed as (
    select
        quarantined.company_id,
        quarantined.doc_type,
        quarantined.posting_date,
        quarantined.customer_id,
        quarantined.currency_code,
        quarantined.gross_list_amount,
        quarantined.revenue_deductions,
        quarantined.cogs,
        quarantined.local_net_amount,
        quarantined.local_currency_code,
        quarantined.quarantine_reason
    from quarantined
    inner join active_batches on quarantined.batch_id = active_batches.batch_id
)

select * from renamed
