-- One row per version of an estimate of an account's demand for a product group, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('crm', 'potential_estimates'), 'potential_estimates', ['account_id', 'product_group', 'demand_stage', 'valid_from', 'recorded_at'], recorded_at=true) }}
),

renamed as (
    select
        -- keys
        account_id,
        product_group,
        -- classes
        demand_stage,
        currency_code,
        -- amounts
        annual_demand,
        achievable_share,
        -- times
        valid_from,
        recorded_at,
        -- place in the delivery
        file_name,
        line_number,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
