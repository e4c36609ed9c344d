-- One row per as-of date and scored parent: the axes' scores with their bounds and coverage, each the exact sum of its criteria.
with

levels as (
    select * from {{ ref('int_scores__judged_levels') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

{% set axes = ['potential', 'attractiveness', 'value_of_customer', 'value_to_customer', 'contribution'] %}

summed as (
    select
        as_of_date,
        ultimate_parent_id,
        {% for axis in axes -%}
        {{ score("sum(case when axis = '" ~ axis ~ "' then points end)") }} as {{ axis }}_score,
        {{ score("sum(case when axis = '" ~ axis ~ "' then points_low end)") }} as {{ axis }}_low,
        {{ score("sum(case when axis = '" ~ axis ~ "' then points_high end)") }} as {{ axis }}_high,
        {{ score("sum(case when axis = '" ~ axis ~ "' then case when is_imputed then 0 else weight_points end end)") }} as {{ axis }}_coverage,
        {% endfor -%}
        max(case when axis in ('potential', 'attractiveness') and is_imputed then 1 else 0 end) = 1 as has_missing_criteria,
        max(case when axis in ('potential', 'attractiveness') and is_rating_stale then 1 else 0 end) = 1 as has_stale_ratings
    from levels
    group by as_of_date, ultimate_parent_id
),

scored as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.relationship_type,
        parents.is_shown,
        {% for axis in axes -%}
        summed.{{ axis }}_score,
        summed.{{ axis }}_low,
        summed.{{ axis }}_high,
        summed.{{ axis }}_coverage,
        {% endfor -%}
        coalesce(summed.has_missing_criteria, true) as has_missing_criteria,
        coalesce(summed.has_stale_ratings, false) as has_stale_ratings
    from parents
    left join summed
        on
            parents.as_of_date = summed.as_of_date
            and parents.ultimate_parent_id = summed.ultimate_parent_id
)

select * from scored
