-- A returned row is a score (or its low or high bound) that is not exactly the sum of its criteria's points.
{{ config(meta={
    'decides': 'fct_criterion_score.points sum',
    'what': 'every score and its bounds are exactly the sum of the points of their criteria',
    'remedy': 'a criterion is missing or counted twice: compare fct_criterion_score with the scorecard in config/portfolio.yml',
}) }}
with

added as (
    select
        as_of_date,
        ultimate_parent_id,
        axis,
        sum(points) as points,
        sum(points_low) as points_low,
        sum(points_high) as points_high,
        sum(case when is_imputed then 0 else weight_points end) as known_weight
    from {{ ref('fct_criterion_score') }}
    group by as_of_date, ultimate_parent_id, axis
),

published as (
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
),

different as (
    select
        coalesce(published.as_of_date, added.as_of_date) as as_of_date,
        coalesce(published.ultimate_parent_id, added.ultimate_parent_id) as ultimate_parent_id,
        coalesce(published.axis, added.axis) as axis,
        published.score,
        added.points,
        published.score_low,
        added.points_low,
        published.score_high,
        added.points_high,
        published.coverage_points,
        added.known_weight
    from published
    full outer join added
        on
            published.as_of_date = added.as_of_date
            and published.ultimate_parent_id = added.ultimate_parent_id
            and published.axis = added.axis
    -- The axis contribution is a part of the customer value score; it is published in the portfolio without bounds.
    where
        coalesce(published.axis, added.axis) <> 'contribution'
        and (
            published.score is distinct from added.points
            or published.score_low is distinct from added.points_low
            or published.score_high is distinct from added.points_high
            or published.coverage_points is distinct from added.known_weight
        )
)

select * from different
