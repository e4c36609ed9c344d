-- One row per version of a logged sales activity, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'activities'), 'activities', ['activity_id'], recorded_at=true) }}
),

renamed as (
    select
        -- keys
        activity_id,
        account_id,
        campaign_id,
        -- classes
        activity_type,
        outcome,
        -- amounts
        duration_minutes,
        -- times
        activity_at,
        coalesce(has_time, true) as has_time,
        recorded_at,
        -- people (pseudonyms)
        rep_key,
        contact_key,
        -- place in the delivery
        file_name,
        line_number,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
