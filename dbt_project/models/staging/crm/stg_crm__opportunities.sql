-- One row per version of a sales opportunity, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'opportunities'), 'opportunities', ['opportunity_id']) }}
),

spellings as (
    select * from {{ ref('stg_crm__product_groups') }}
),

renamed as (
    select
        -- keys
        versions.opportunity_id,
        versions.account_id,
        -- classes
        -- as the ERP writes it
        coalesce(spellings.product_group, versions.product_group) as product_group,
        versions.stage,
        versions.currency_code,
        -- amounts
        versions.amount,
        -- flags
        versions.is_won,
        -- dates
        versions.created_on,
        versions.closed_on,
        -- knowledge
        versions.known_from,
        versions.known_to
    from versions
    left join spellings on versions.product_group = spellings.crm_spelling
)

select * from renamed
