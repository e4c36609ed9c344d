-- One row per activity type, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'activity_types') }}
),

renamed as (
    select
        activity_type,
        pool,
        standard_minutes,
        is_visit
    from settings
)

select * from renamed
