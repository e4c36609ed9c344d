-- A returned row is a score object whose months and activity types in mart_sales_input do not add up to its hours and sales cost.
{{ config(meta={
    'decides': 'mart_sales_input.sales_cost sum',
    'what': 'the sales input of every customer and lead, over months and activity types, adds up to its field hours, inside hours and sales cost',
    'remedy': 'months and year do not count the same activities: compare mart_sales_input with mart_portfolio',
}) }}
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

summed as (
    select
        sales_input.as_of_date,
        sales_input.ultimate_parent_id,
        sum(case when sales_input.pool = parameters.field_pool then sales_input.logged_minutes else 0 end) as field_minutes,
        sum(case when sales_input.pool = parameters.inside_pool then sales_input.logged_minutes else 0 end) as inside_minutes,
        sum(sales_input.sales_cost) as sales_cost
    from {{ ref('mart_sales_input') }} as sales_input
    cross join parameters
    group by sales_input.as_of_date, sales_input.ultimate_parent_id
),

compared as (
    select
        coalesce(portfolio.as_of_date, summed.as_of_date) as as_of_date,
        coalesce(portfolio.ultimate_parent_id, summed.ultimate_parent_id) as ultimate_parent_id,
        coalesce(portfolio.field_hours, 0) - {{ exact_div('coalesce(summed.field_minutes, 0)', '60', 4) }} as field_hours_difference,
        coalesce(portfolio.inside_hours, 0) - {{ exact_div('coalesce(summed.inside_minutes, 0)', '60', 4) }} as inside_hours_difference,
        coalesce(portfolio.sales_cost, 0) - coalesce(summed.sales_cost, 0) as sales_cost_difference
    from {{ ref('mart_portfolio') }} as portfolio
    full outer join summed
        on
            portfolio.as_of_date = summed.as_of_date
            and portfolio.ultimate_parent_id = summed.ultimate_parent_id
)

select * from compared
where
    field_hours_difference <> 0
    or inside_hours_difference <> 0
    or sales_cost_difference <> 0
