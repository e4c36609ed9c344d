-- One row per as-of date and scored parent in the development zone: which known criterion blocks its way to protection (METHOD 1.14).
with

zones as (
    select * from {{ ref('int_zones__history') }}
    where zone = 'development'
),

levels as (
    select * from {{ ref('int_scores__levels') }}
    where axis = 'attractiveness' and not is_imputed
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

losses as (
    select
        levels.as_of_date,
        levels.ultimate_parent_id,
        levels.criterion_id,
        {{ lost_points('levels.weight_points', 'levels.points') }} as lost_points,
        row_number() over (
            partition by levels.as_of_date, levels.ultimate_parent_id
            order by {{ lost_points('levels.weight_points', 'levels.points') }} desc, levels.criterion_id
        ) as position
    from levels
),

blocked as (
    select
        zones.as_of_date,
        zones.ultimate_parent_id,
        losses.criterion_id as blocking_criterion_id,
        {{ score('losses.lost_points') }} as lost_points,
        {{ score('parameters.zone_threshold + parameters.hysteresis_band - scores.attractiveness_score') }} as points_to_protection
    from zones
    cross join parameters
    inner join scores
        on
            zones.as_of_date = scores.as_of_date
            and zones.ultimate_parent_id = scores.ultimate_parent_id
    left join losses
        on
            zones.as_of_date = losses.as_of_date
            and zones.ultimate_parent_id = losses.ultimate_parent_id
            and losses.position = 1
)

select * from blocked
