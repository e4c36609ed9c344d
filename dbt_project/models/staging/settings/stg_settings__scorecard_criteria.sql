-- One row per criterion of a scorecard axis, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'scorecard_criteria') }}
),

renamed as (
    select
        scorecard,
        axis,
        criterion_id,
        weight_points,
        method,
        measure,
        direction,
        name_en,
        name_de
    from settings
)

select * from renamed
