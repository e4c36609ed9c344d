-- One row per version of a merged or renumbered customer id, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'customer_id_changes'), 'customer_id_changes', ['old_customer_id']) }}
),

renamed as (
    select
        -- keys
        old_customer_id,
        customer_id,
        -- dates
        valid_from,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
