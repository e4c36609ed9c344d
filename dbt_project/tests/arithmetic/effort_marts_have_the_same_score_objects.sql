-- A returned row is a score object of the portfolio that a mart about effort does not have exactly once, or that only such a mart has.
{% set marts = ['mart_service_levels', 'mart_hours_allocation', 'mart_small_customers', 'crm_writeback'] %}
{{ config(meta={
    'decides': 'mart_service_levels.ultimate_parent_id same',
    'what': 'service levels, hours, small customers and write-back speak of the same customers and leads as the portfolio, each exactly once',
    'remedy': 'a join in the named mart drops or doubles the row: look at its SQL in dbt_project/models/marts/effort',
}) }}
with

expected as (
    {%- for mart in marts %}
    select as_of_date, ultimate_parent_id, '{{ mart }}' as mart, 1 as expected_rows, 0 as found_rows from {{ ref('mart_portfolio') }}
    union all
    select as_of_date, ultimate_parent_id, '{{ mart }}' as mart, 0 as expected_rows, 1 as found_rows from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    as_of_date,
    ultimate_parent_id,
    mart,
    sum(found_rows) as found_rows
from expected
group by as_of_date, ultimate_parent_id, mart
having sum(expected_rows) <> 1 or sum(found_rows) <> 1
