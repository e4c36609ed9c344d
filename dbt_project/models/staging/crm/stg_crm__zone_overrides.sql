-- One row per version of a zone set by a person, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'zone_overrides'), 'zone_overrides', ['customer_id', 'set_at']) }}
),

renamed as (
    select
        -- keys
        customer_id,
        -- classes
        override_zone,
        reason,
        -- times
        set_at,
        expires_on,
        -- people (pseudonyms)
        set_by_key,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
