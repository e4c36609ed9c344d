-- One row per as-of date, score object, axis and criterion that had an as-of date before: why the score changed since then.
with

explained as (
    select * from {{ ref('int_scores__explained') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        explained.as_of_date,
        explained.ultimate_parent_id,
        explained.scorecard,
        explained.axis,
        explained.criterion_id,
        explained.previous_as_of_date,
        explained.weight_points,
        explained.level,
        explained.points,
        explained.previous_level,
        explained.published_weight_points,
        explained.published_level,
        explained.published_points,
        explained.level_effect_points,
        explained.weight_effect_points,
        explained.late_data_effect_points,
        explained.change_points,
        {{ is_latest('explained') }} as is_latest,
        parameters.method_version
    from explained
    cross join parameters
)

select * from final
