-- One row per consequence with its texts, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'actions') }}
),

renamed as (
    select
        action_key,
        text_en,
        text_de
    from settings
)

select * from renamed
