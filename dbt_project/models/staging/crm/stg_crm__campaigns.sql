-- One row per version of a sales programme, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'campaigns'), 'campaigns', ['campaign_id']) }}
),

renamed as (
    select
        -- keys
        campaign_id,
        -- names and classes
        name,
        quarter,
        focus_criterion_id,
        -- dates
        starts_on,
        ends_on,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
