-- One row per version of a sales representative, without a name, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'sales_reps'), 'sales_reps', ['rep_key']) }}
),

renamed as (
    select
        -- classes
        pool,
        team,
        -- dates
        active_from,
        active_to,
        -- people (pseudonyms)
        rep_key,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
