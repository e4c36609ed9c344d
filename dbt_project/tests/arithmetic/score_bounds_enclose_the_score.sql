-- A returned row is a score outside its own bounds, outside 0 to 100, or with bounds that are open though everything is known.
{{ config(meta={
    'decides': 'fct_criterion_score.points range',
    'what': 'every score lies between its low and its high bound within 0 to 100; with full coverage the three are the same',
    'remedy': 'a level outside 1 to 5 or a wrong weight: look at the criteria of this customer in fct_criterion_score',
}) }}
with

scores as (
    {%- for axis in ['potential', 'attractiveness'] %}
    select
        as_of_date,
        ultimate_parent_id,
        '{{ axis }}' as axis,
        {{ axis }}_score as score,
        {{ axis }}_score_low as score_low,
        {{ axis }}_score_high as score_high,
        {{ axis }}_coverage_points as coverage_points
    from {{ ref('mart_portfolio') }}
    union all
    {%- endfor %}
    {%- for axis in ['value_of_customer', 'value_to_customer'] %}
    select
        as_of_date,
        ultimate_parent_id,
        '{{ axis }}' as axis,
        {{ axis }}_score as score,
        {{ axis }}_score_low as score_low,
        {{ axis }}_score_high as score_high,
        {{ axis }}_coverage_points as coverage_points
    from {{ ref('mart_customer_types') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from scores
where
    score_low < 0
    or score < score_low
    or score > score_high
    or score_high > 100
    or coverage_points < 0
    or coverage_points > 100
    or (coverage_points = 100 and score_low <> score_high)
