-- One row per as-of date that is shown or compared with, scored parent, axis and criterion of its scorecard: the level, or that it is missing.
with

levels as (
    select
        as_of_date,
        ultimate_parent_id,
        scorecard,
        axis,
        criterion_id,
        method,
        raw_value,
        level,
        weight_points,
        points,
        points_low,
        points_high,
        is_imputed,
        rating_valid_from,
        is_rating_stale,
        is_shown
    from {{ ref('int_scores__judged_levels') }}
    where {{ is_compared() }}
)

select * from levels
