-- One row per as-of date, score object, axis and criterion whose change the version before explained, with what it compared with.
with

published_score_changes as (
    select * from {{ source('control', 'published_score_changes') }}
),

renamed as (
    select
        as_of_date,
        ultimate_parent_id,
        axis,
        criterion_id,
        previous_as_of_date,
        published_weight_points,
        published_level,
        published_points
    from published_score_changes
)

select * from renamed
