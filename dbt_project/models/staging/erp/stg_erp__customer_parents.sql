-- One row per version of a customer's place in its group, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'customer_parents'), 'customer_parents', ['customer_id', 'valid_from']) }}
),

renamed as (
    select
        -- keys
        customer_id,
        parent_id,
        -- dates
        valid_from,
        valid_to,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
