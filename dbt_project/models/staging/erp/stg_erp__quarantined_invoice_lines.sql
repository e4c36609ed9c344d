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
        posting_date,
        customer_id,
        currency_code,
        gross_list_amount,
        revenue_deductions,
        cogs,
        local_net_amount,
        quarantine_reason
    from quarantined
    inner join active_batches using (batch_id)
)

select * from renamed
