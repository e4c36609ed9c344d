-- A returned row is a customer of the portfolio that a mart about customers does not have exactly once, or that only such a mart has.
{{ config(meta={
    'decides': 'mart_portfolio.ultimate_parent_id same',
    'what': 'portfolio, ABC, whale curve and customer types speak of the same customers, each exactly once',
    'remedy': 'a join in the named mart drops or doubles the customer: look at its SQL in dbt_project/models/marts',
}) }}
with

customers as (
    select as_of_date, ultimate_parent_id from {{ ref('mart_portfolio') }}
    where relationship_type = 'customer' and zone <> 'never_bought'
),

marts as (
    {%- for mart in ['mart_abc_vs_value', 'mart_whale_curve', 'mart_customer_types'] %}
    select as_of_date, ultimate_parent_id, '{{ mart }}' as mart from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

mart_names as (
    select 'mart_abc_vs_value' as mart
    union all
    select 'mart_whale_curve' as mart
    union all
    select 'mart_customer_types' as mart
),

-- Where no contribution is known, there is no whale curve.
depths as (
    select * from {{ ref('int_contribution__depth') }}
),

expected as (
    select customers.as_of_date, customers.ultimate_parent_id, mart_names.mart, 1 as expected_rows, 0 as found_rows
    from customers
    inner join depths on customers.as_of_date = depths.as_of_date
    cross join mart_names
    where mart_names.mart <> 'mart_whale_curve' or depths.contribution_depth > 0
    union all
    select as_of_date, ultimate_parent_id, mart, 0 as expected_rows, 1 as found_rows from marts
)

select
    as_of_date,
    ultimate_parent_id,
    mart,
    sum(found_rows) as found_rows
from expected
group by as_of_date, ultimate_parent_id, mart
having sum(expected_rows) <> 1 or sum(found_rows) <> 1
