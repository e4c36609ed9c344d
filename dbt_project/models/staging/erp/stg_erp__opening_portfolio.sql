-- One row per version of a customer's place before the first run, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'opening_portfolio'), 'opening_portfolio', ['customer_id', 'as_of_date']) }}
),

renamed as (
    select
        -- keys
        customer_id,
        as_of_date,
        -- states
        zone,
        potential_state,
        attractiveness_state,
        -- amounts
        contribution_4,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
