-- One row per version of how a customer sees one of our services, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'service_ratings'), 'service_ratings', ['account_id', 'offering']) }}
),

renamed as (
    select
        -- keys
        account_id,
        offering,
        -- classes
        offering_level,
        parity,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
