-- One row per landing event that counts: which batch holds which table's rows, and since when.
with

load_batches as (
    select * from {{ source('control', 'load_batches') }}
),

renamed as (
    select
        -- keys
        sequence,
        batch_id,
        table_name,
        -- state
        mode,
        is_first,
        is_active,
        -- times
        delivered_at,
        superseded_at,
        -- what became of what was delivered; amounts of the table's first required money column, in delivered currencies
        rows_in,
        rows_accepted,
        rows_quarantined,
        rows_filtered,
        rows_lost_in_mapping,
        amount_column,
        amount_accepted,
        amount_quarantined,
        amount_filtered,
        amount_lost_in_mapping
    from load_batches
)

select * from renamed
