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
        superseded_at
    from load_batches
)

select * from renamed
