-- One row per version of an estimate of an account's demand for a product group, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'potential_estimates'), 'potential_estimates', ['account_id', 'product_group', 'demand_stage', 'valid_from', 'recorded_at'], recorded_at=true) }}
),

spellings as (
    select * from {{ ref('stg_crm__product_groups') }}
),

renamed as (
    select
        -- keys
        versions.account_id,
        -- as the ERP writes it
        coalesce(spellings.product_group, versions.product_group) as product_group,
        -- classes
        versions.demand_stage,
        versions.currency_code,
        -- amounts
        versions.annual_demand,
        versions.achievable_share,
        -- times
        versions.valid_from,
        versions.recorded_at,
        -- place in the delivery
        versions.file_name,
        versions.line_number,
        -- knowledge
        versions.known_from,
        versions.known_to
    from versions
    left join spellings on versions.product_group = spellings.crm_spelling
)

select * from renamed
