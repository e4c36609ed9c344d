-- One row per version of a sales opportunity, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'opportunities'), 'opportunities', ['opportunity_id']) }}
),

renamed as (
    select
        -- keys
        opportunity_id,
        account_id,
        -- classes
        product_group,
        stage,
        currency_code,
        -- amounts
        amount,
        -- flags
        is_won,
        -- dates
        created_on,
        closed_on,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
