-- One row per version of a contact person, without a name, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'contacts'), 'contacts', ['contact_key']) }}
),

renamed as (
    select
        -- keys
        contact_key,
        account_id,
        -- classes
        buying_role,
        access_level,
        -- flags
        is_external,
        is_informal,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
