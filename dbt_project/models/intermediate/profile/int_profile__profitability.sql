-- One row per as-of date and customer: in how many of the 12 months the contribution was positive, after the costs that are known.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer'
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

months as (
    select
        entity_months.as_of_date,
        entity_months.ultimate_parent_id,
        entity_months.month_start,
        sum(
            entity_months.gross_list_revenue - entity_months.revenue_deductions - ({{ costs_deducted('entity_months', 'depths') }})
        ) as customer_contribution
    from {{ ref('int_contribution__entity_month') }} as entity_months
    inner join dates
        on
            entity_months.as_of_date = dates.as_of_date
            and entity_months.month_start >= dates.window_start
    inner join depths on entity_months.as_of_date = depths.as_of_date
    where entity_months.ultimate_parent_id is not null
    group by entity_months.as_of_date, entity_months.ultimate_parent_id, entity_months.month_start
),

counted as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        {{ whole('case when max(depths.contribution_depth) > 0 then count_if(coalesce(months.customer_contribution, 0) > 0) end') }} as profitable_months
    from parents
    inner join depths on parents.as_of_date = depths.as_of_date
    left join months
        on
            parents.as_of_date = months.as_of_date
            and parents.ultimate_parent_id = months.ultimate_parent_id
    group by parents.as_of_date, parents.ultimate_parent_id
)

select * from counted
