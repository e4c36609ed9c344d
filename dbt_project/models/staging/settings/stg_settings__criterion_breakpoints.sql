-- One row per level of a criterion in business units, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'criterion_breakpoints') }}
),

renamed as (
    select
        criterion_id,
        level,
        lower_bound_inclusive
    from settings
)

select * from renamed
