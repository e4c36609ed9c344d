-- One row per rejected row of ledger_totals in a batch that counts, typed where it parses.
with

quarantined as (
    select * from {{ source('quarantine', 'ledger_totals') }}
),

active_batches as (
    select distinct batch_id from {{ ref('stg_control__load_batches') }}
    where is_active and table_name = 'ledger_totals'
),

renamed as (
    select
        quarantined.company_id,
        quarantined.period,
        quarantined.account_group,
        quarantined.amount,
        quarantined.quarantine_reason
    from quarantined
    inner join active_batches on quarantined.batch_id = active_batches.batch_id
)

select * from renamed
