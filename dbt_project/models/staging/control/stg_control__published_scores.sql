-- One row per as-of date, score object, axis and criterion of the version before, with the points it published.
with

published_scores as (
    select * from {{ source('control', 'published_scores') }}
),

renamed as (
    select
        as_of_date,
        ultimate_parent_id,
        axis,
        criterion_id,
        weight_points,
        level,
        points
    from published_scores
)

select * from renamed
