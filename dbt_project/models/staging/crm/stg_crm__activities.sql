-- One row per version of a logged sales activity and person of ours who took part, with the time in which it was what we knew. A later
-- delivery of an activity takes the place of all its participants.
with

versions as (
    {{ known_versions(source('crm', 'activities'), 'activities', ['activity_id'], recorded_at=true, has_several=true) }}
),

renamed as (
    select
        -- keys
        activity_id,
        -- Whoever took part, or '' where nobody says who did.
        coalesce(rep_key, '') as participant,
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
