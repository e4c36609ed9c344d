-- One row per threshold of the sensitivity grid, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'sensitivity_thresholds') }}
),

renamed as (
    select
        threshold
    from settings
)

select * from renamed
