-- One row per as-of date, score object, scorecard, axis and criterion: the parts every score adds up from, exactly.
with

levels as (
    select * from {{ ref('int_scores__levels') }}
    where {{ is_shown() }}
),

criteria as (
    select * from {{ ref('stg_settings__scorecard_criteria') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        levels.as_of_date,
        levels.ultimate_parent_id,
        levels.scorecard,
        levels.axis,
        levels.criterion_id,
        criteria.name_en as criterion_name_en,
        criteria.name_de as criterion_name_de,
        criteria.measure,
        levels.method,
        cast(levels.raw_value as decimal(38, 10)) as raw_value,
        {{ score('levels.level') }} as level,
        levels.weight_points,
        levels.points,
        levels.points_low,
        levels.points_high,
        levels.is_imputed,
        levels.is_rating_stale,
        levels.rating_valid_from,
        {{ is_latest('levels') }} as is_latest,
        parameters.method_version
    from levels
    inner join criteria
        on
            levels.scorecard = criteria.scorecard
            and levels.axis = criteria.axis
            and levels.criterion_id = criteria.criterion_id
    cross join parameters
)

select * from final
