-- One row per version of a CRM account, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'accounts'), 'accounts', ['account_id']) }}
),

renamed as (
    select
        -- keys
        account_id,
        customer_id,
        -- names and classes
        account_name,
        lead_status,
        -- counts
        referrals,
        -- flags
        is_wish_customer,
        has_co_development,
        has_co_marketing,
        -- dates
        created_on,
        -- people (pseudonyms)
        owner_rep_key,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
