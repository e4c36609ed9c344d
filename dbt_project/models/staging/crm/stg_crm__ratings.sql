-- One row per version of a rater's rating of one criterion, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'ratings'), 'ratings', ['account_id', 'criterion_id', 'rater_key', 'valid_from', 'recorded_at'], recorded_at=true) }}
),

renamed as (
    select
        -- keys
        account_id,
        criterion_id,
        -- classes
        rated_by,
        level,
        -- times
        valid_from,
        recorded_at,
        -- people (pseudonyms)
        rater_key,
        -- place in the delivery
        file_name,
        line_number,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
