-- One row per as-of date and scored parent: every computed measure a criterion may stand on, by the names config/portfolio.yml uses.
-- Which ones there are, and which model computes each, stands in pipelines/vocabulary/measures.yml.
{%- set own = 'int_customers__parents' -%}
{%- set others = measure_catalogue() | map(attribute='model') | unique | reject('equalto', own) | list %}
with

parents as (
    select * from {{ ref(own) }}
    where is_scored
),

{% for model in others %}
{{ model }} as (
    select * from {{ ref(model) }}
),

{% endfor %}
measures as (
    select
        {% for measure in measure_catalogue() %}
        {{ 'parents' if measure.model == own else measure.model }}.{{ measure.column }} as {{ measure.name }},
        {% endfor %}
        parents.as_of_date,
        parents.ultimate_parent_id,
        parents.scorecard
    from parents
    {% for model in others %}
    left join {{ model }}
        on
            parents.as_of_date = {{ model }}.as_of_date
            and parents.ultimate_parent_id = {{ model }}.ultimate_parent_id
    {% endfor %}
)

select * from measures
