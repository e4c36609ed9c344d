-- One row per as-of date and score object with late ratings: how many they are, and its two axes without all of them.
with

late_ratings as (
    select * from {{ ref('int_scores__late_ratings') }}
),

levels as (
    select * from {{ ref('int_scores__levels_without_late') }}
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

{% set axes = ['potential', 'attractiveness'] %}

counted as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole('count(*)') }} as late_ratings
    from late_ratings
    group by as_of_date, ultimate_parent_id
),

moved as (
    select
        as_of_date,
        ultimate_parent_id,
    {% for axis in axes -%}
    sum(case when axis = '{{ axis }}' then points_without_late - points else 0 end) as {{ axis }}_change,
    sum(
        case when axis = '{{ axis }}' and not is_imputed_without_late then weight_points else 0 end
        - case when axis = '{{ axis }}' and not is_imputed then weight_points else 0 end
    ) as {{ axis }}_coverage_change{{ ',' if not loop.last }}
    {% endfor %}
    from levels
    group by as_of_date, ultimate_parent_id
),

final as (
    select
        counted.as_of_date,
        counted.ultimate_parent_id,
        counted.late_ratings,
    {% for axis in axes -%}
    {{ score('scores.' ~ axis ~ '_score + coalesce(moved.' ~ axis ~ '_change, 0)') }} as {{ axis }}_score,
    {{ score('scores.' ~ axis ~ '_coverage + coalesce(moved.' ~ axis ~ '_coverage_change, 0)') }} as {{ axis }}_coverage{{ ',' if not loop.last }}
    {% endfor %}
    from counted
    inner join scores
        on
            counted.as_of_date = scores.as_of_date
            and counted.ultimate_parent_id = scores.ultimate_parent_id
    left join moved
        on
            counted.as_of_date = moved.as_of_date
            and counted.ultimate_parent_id = moved.ultimate_parent_id
)

select * from final
