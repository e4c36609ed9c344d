-- A returned row is a score object whose 12 months in mart_contribution_month differ from its amounts in mart_portfolio.
{{ config(meta={
    'decides': 'mart_contribution_month.contribution_4 sum',
    'what': 'the twelve months of every customer and lead add up to its yearly contribution, level by level',
    'remedy': 'months and year are not taken from the same bookings: compare mart_contribution_month with mart_portfolio',
}) }}
{% set amounts = [
    'gross_list_revenue', 'revenue_deductions', 'net_revenue', 'cogs', 'contribution_1', 'marketing_cost', 'contribution_2',
    'sales_cost', 'contribution_3', 'service_logistics_cost', 'contribution_4',
] %}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

months as (
    select
        months.as_of_date,
        months.ultimate_parent_id,
    {%- for amount in amounts %}
    sum(months.{{ amount }}) as {{ amount }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('mart_contribution_month') }} as months
    inner join dates
        on
            months.as_of_date = dates.as_of_date
            and months.month_start >= dates.window_start
    where months.relationship_type in ('customer', 'lead')
    group by months.as_of_date, months.ultimate_parent_id
),

years as (
    select portfolio.*
    from {{ ref('mart_portfolio') }} as portfolio
    inner join dates on portfolio.as_of_date = dates.as_of_date
),

different as (
    select
        coalesce(years.ultimate_parent_id, months.ultimate_parent_id) as ultimate_parent_id,
    {%- for amount in amounts %}
    coalesce(years.{{ amount }}, 0) - coalesce(months.{{ amount }}, 0) as {{ amount }}_difference{{ ',' if not loop.last }}
    {%- endfor %}
    from years
    full outer join months on years.ultimate_parent_id = months.ultimate_parent_id
)

select * from different
where
{%- for amount in amounts %}
    {{ 'or ' if not loop.first }}{{ amount }}_difference <> 0
{%- endfor %}
