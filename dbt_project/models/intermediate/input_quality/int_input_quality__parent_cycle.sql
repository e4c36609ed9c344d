-- One row per as-of date and customer id whose group links or merges form a circle or go deeper than ten steps.
{{ config(meta={'decides': 'customer_parents.parent_id circle'}) }}
with

dates as (
    select as_of_date from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

customers as (
    select customers.*
    from {{ ref('int_customers__as_of') }} as customers
    inner join dates on customers.as_of_date = dates.as_of_date
),

final as (
    select
        as_of_date,
        {{ finding('parent_cycle', 'customer_parents', 'customer_id', month_start('as_of_date'), 'ultimate_parent_id') }}
    from customers
    where hierarchy_depth > 10 or merge_steps > 10
)

select * from final
