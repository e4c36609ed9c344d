-- One row per as-of date and late rating that moved its customer's score across the threshold of an axis; when a rating is late says
-- int_scores__late_ratings.
{{ config(meta={'decides': 'ratings.level jump', 'home': 'int_scores__late_ratings', 'limits': ['rating_cutoff_days']}) }}
with

late_ratings as (
    select * from {{ ref('int_scores__late_ratings') }}
    where {{ is_compared() }}
),

levels as (
    select * from {{ ref('int_scores__levels_without_late') }}
    where points <> points_without_late
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

without_late as (
    select * from {{ ref('int_scores__without_late') }}
),

delivered as (
    select * from {{ ref('int_input_checks__ratings') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

crossed as (
    select
        scores.as_of_date,
        scores.ultimate_parent_id,
    {% for axis in ['potential', 'attractiveness'] -%}
    (scores.{{ axis }}_score >= parameters.zone_threshold)
    <> (without_late.{{ axis }}_score >= parameters.zone_threshold) as is_{{ axis }}_crossed{{ ',' if not loop.last }}
    {% endfor %}
    from scores
    inner join without_late
        on
            scores.as_of_date = without_late.as_of_date
            and scores.ultimate_parent_id = without_late.ultimate_parent_id
    cross join parameters
),

moves as (
    select distinct
        levels.as_of_date,
        levels.ultimate_parent_id,
        levels.criterion_id
    from levels
    inner join crossed
        on
            levels.as_of_date = crossed.as_of_date
            and levels.ultimate_parent_id = crossed.ultimate_parent_id
    where
        case levels.axis when 'potential' then crossed.is_potential_crossed else crossed.is_attractiveness_crossed end
),

found as (
    select
        late_ratings.as_of_date,
        late_ratings.ultimate_parent_id,
        delivered.row_id,
        delivered.file_name,
        delivered.line_number
    from late_ratings
    inner join moves
        on
            late_ratings.as_of_date = moves.as_of_date
            and late_ratings.ultimate_parent_id = moves.ultimate_parent_id
            and late_ratings.criterion_id = moves.criterion_id
    inner join delivered
        on
            late_ratings.account_id = delivered.account_id
            and late_ratings.criterion_id = delivered.criterion_id
            and late_ratings.rater_key = delivered.rater_key
            and late_ratings.valid_from = delivered.valid_from
            and late_ratings.recorded_at = delivered.recorded_at
),

final as (
    select
        as_of_date,
        {{ finding(
            'rating_changed_before_cutoff', 'ratings', 'row_id', month_start('as_of_date'), 'ultimate_parent_id', place='found'
        ) }}
    from found
)

select * from final
