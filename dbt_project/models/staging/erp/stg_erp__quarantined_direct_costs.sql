-- One row per rejected row of direct_costs in a batch that counts, typed where it parses.
with

quarantined as (
    select * from {{ source('quarantine', 'direct_costs') }}
),

active_batches as (
    select distinct batch_id from {{ ref('stg_control__load_batches') }}
    where is_active and table_name = 'direct_costs'
),

renamed as (
    select
        quarantined.company_id,
        quarantined.posting_date,
        quarantined.customer_id,
        quarantined.cost_type,
        quarantined.currency_code,
        quarantined.amount,
        quarantined.quarantine_reason
    from quarantined
    inner join active_batches on quarantined.batch_id = active_batches.batch_id
)

select * from renamed
