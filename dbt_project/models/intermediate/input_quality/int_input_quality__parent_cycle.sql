-- One row per as-of date and customer id whose group links or merges form a circle or go deeper than ten steps.
{{ config(meta={'decides': 'customer_parents.parent_id circle'}) }}
with

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

final as (
    select
        as_of_date,
        {{ finding('parent_cycle', 'customer_parents', 'customer_id', month_start('as_of_date'), 'ultimate_parent_id') }}
    from customers
    where hierarchy_depth > 10 or merge_steps > 10
)

select * from final
