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
        -- knowledge: nobody knew of it before it was set, though its day in the company's time zone may have begun
        greatest(known_from, set_at) as known_from,
        known_to
    from versions
)

select * from renamed
