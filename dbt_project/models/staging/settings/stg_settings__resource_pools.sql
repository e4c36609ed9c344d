-- One row per resource pool and its validity, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'resource_pools') }}
),

renamed as (
    select
        pool,
        valid_from,
        valid_to,
        annual_cost,
        practical_capacity_hours,
        account_group,
        company_id
    from settings
)

select * from renamed
