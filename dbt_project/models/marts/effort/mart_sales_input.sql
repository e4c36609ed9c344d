-- One row per as-of date, score object, month of the 12 and activity type: what sales logged, in number, hours and cost. No person in it.
with

sales_input as (
    select * from {{ ref('int_effort__sales_input') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        sales_input.as_of_date,
        sales_input.ultimate_parent_id,
        sales_input.month_start,
        sales_input.activity_type,
        sales_input.pool,
        sales_input.activities,
        sales_input.imputed_durations,
        sales_input.logged_minutes,
        cast({{ exact_div('sales_input.logged_minutes', '60', 4) }} as decimal(18, 4)) as logged_hours,
        sales_input.sales_cost,
        {{ is_latest('sales_input') }} as is_latest,
        parameters.method_version
    from sales_input
    cross join parameters
)

select * from final
