-- One row per as-of date, score object, axis and criterion: its part of the score's change since the as-of date before, split exactly
-- into level, weight and late data (METHOD 1.14).
{{ config(materialized='view') }}
with

compared as (
    select * from {{ ref('int_scores__compared') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

-- A criterion that only one of the dates has weighs nothing on the other; its level then stands still.
levelled as (
    select
        compared.*,
        case when compared.weight_points is not null then coalesce(compared.level, parameters.missing_level) end as own_level,
        case
            when compared.previous_weight_points is not null then coalesce(compared.previous_level, parameters.missing_level)
            when compared.published_weight_points is not null then coalesce(compared.published_level, parameters.missing_level)
        end as own_level_before
    from compared
    cross join parameters
),

completed as (
    select
        levelled.*,
        coalesce(weight_points, 0) as weight_now,
        coalesce(published_weight_points, 0) as weight_then,
        coalesce(own_level, own_level_before) as level_now,
        coalesce(own_level_before, own_level) as level_before,
        coalesce(points, 0) as points_now,
        coalesce(published_points, 0) as points_then
    from levelled
),

valued as (
    select
        completed.*,
        -- The date before as known now, at the weight it was published with.
        case
            when previous_weight_points is null then points_then
            when previous_weight_points = weight_then then previous_points
            else {{ points('weight_then', 'level_before') }}
        end as points_before,
        {{ points('weight_now - weight_then', 'level_now + level_before', levels=2) }} as weight_effect_points
    from completed
),

final as (
    select
        as_of_date,
        previous_as_of_date,
        ultimate_parent_id,
        scorecard,
        axis,
        criterion_id,
        weight_points,
        level,
        {{ score('points_now') }} as points,
        previous_level,
        published_weight_points,
        published_level,
        {{ score('points_then') }} as published_points,
        -- The rest, so that the parts add up exactly: points are rounded to four places.
        {{ score('points_now - points_before - weight_effect_points') }} as level_effect_points,
        weight_effect_points,
        {{ score('points_before - points_then') }} as late_data_effect_points,
        {{ score('points_now - points_then') }} as change_points
    from valued
)

select * from final
