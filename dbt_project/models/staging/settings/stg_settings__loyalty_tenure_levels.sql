-- One row per loyalty level, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'loyalty_tenure_levels') }}
),

renamed as (
    select
        level,
        tenure_years_from
    from settings
)

select * from renamed
