-- A returned row is a score object and axis whose change is not exactly level, weight and late-data effect together.
{{ config(meta={
    'decides': 'mart_score_change.change_points sum',
    'what': 'level, weight and late-data effect of every score change add up to it exactly',
    'remedy': 'compare int_scores__explained with fct_criterion_score: a criterion is missing or split wrongly',
}) }}
with

changes as (
    select
        as_of_date,
        ultimate_parent_id,
        axis,
        sum(level_effect_points + weight_effect_points + late_data_effect_points) as explained_points,
        sum(change_points) as change_points,
        sum(points) as points
    from {{ ref('mart_score_change') }}
    group by as_of_date, ultimate_parent_id, axis
),

scores as (
    select as_of_date, ultimate_parent_id, axis, sum(points) as score
    from {{ ref('fct_criterion_score') }}
    group by as_of_date, ultimate_parent_id, axis
),

offending as (
    select changes.as_of_date, changes.ultimate_parent_id, changes.axis, changes.explained_points, changes.change_points, scores.score
    from changes
    inner join scores
        on
            changes.as_of_date = scores.as_of_date
            and changes.ultimate_parent_id = scores.ultimate_parent_id
            and changes.axis = scores.axis
    where changes.explained_points <> changes.change_points or changes.points <> scores.score
)

select * from offending
