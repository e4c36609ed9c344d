-- One row per version of a product, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'products'), 'products', ['product_id']) }}
),

renamed as (
    select
        -- keys
        product_id,
        -- names and classes
        product_name,
        product_group,
        offering_level,
        -- flags
        is_service,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
