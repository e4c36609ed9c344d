-- One row per version of an account treated in, or held as control of, a programme, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'campaign_members'), 'campaign_members', ['campaign_id', 'account_id']) }}
),

renamed as (
    select
        -- keys
        campaign_id,
        account_id,
        -- flags
        is_control,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
