-- One row per as-of date and customer: in how many of the 12 months contribution 4 was positive.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer' and {{ is_shown() }}
),

months as (
    select
        entity_months.as_of_date,
        entity_months.ultimate_parent_id,
        entity_months.month_start,
        sum(
            entity_months.gross_list_revenue - entity_months.revenue_deductions - entity_months.cogs - entity_months.marketing_cost
            - entity_months.field_sales_cost - entity_months.inside_sales_cost - entity_months.service_logistics_cost
        ) as contribution_4
    from {{ ref('int_contribution__entity_month') }} as entity_months
    inner join dates
        on
            entity_months.as_of_date = dates.as_of_date
            and entity_months.month_start >= dates.window_start
    where entity_months.ultimate_parent_id is not null
    group by entity_months.as_of_date, entity_months.ultimate_parent_id, entity_months.month_start
),

counted as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        {{ whole('count_if(coalesce(months.contribution_4, 0) > 0)') }} as profitable_months
    from parents
    left join months
        on
            parents.as_of_date = months.as_of_date
            and parents.ultimate_parent_id = months.ultimate_parent_id
    group by parents.as_of_date, parents.ultimate_parent_id
)

select * from counted
