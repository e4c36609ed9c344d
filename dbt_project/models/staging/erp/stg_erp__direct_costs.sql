-- One row per version of a direct cost booking, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'direct_costs'), 'direct_costs', []) }}
),

renamed as (
    select
        -- keys
        company_id,
        customer_id,
        -- classes
        cost_type,
        currency_code,
        -- amounts
        amount,
        -- dates
        posting_date,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
