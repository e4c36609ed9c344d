-- One row per setting of the method, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'method_settings') }}
),

renamed as (
    select
        setting,
        value,
        value_number,
        unit
    from settings
)

select * from renamed
