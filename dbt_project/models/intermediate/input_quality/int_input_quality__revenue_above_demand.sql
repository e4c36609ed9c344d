-- One row per as-of date, score object and product group bought for clearly more than the demand estimated there.
{{ config(meta={'decides': 'potential_estimates.annual_demand plausible', 'limits': ['contradiction_factor']}) }}
with

dates as (
    select as_of_date from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

product_groups as (
    select product_groups.*
    from {{ ref('int_potential__product_group') }} as product_groups
    inner join dates on product_groups.as_of_date = dates.as_of_date
),

final as (
    select
        as_of_date,
        {{ finding(
            'revenue_above_demand', 'potential_estimates', "ultimate_parent_id || '|' || product_group", month_start('as_of_date'),
            'ultimate_parent_id', 'net_revenue - annual_demand'
        ) }}
    from product_groups
    where is_contradicted
)

select * from final
