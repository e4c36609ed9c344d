-- One row per as-of date, score object and product group whose estimate of demand is too old.
{{ config(meta={'decides': 'potential_estimates.valid_from stale', 'limits': ['stale_after_days']}) }}
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
            'stale_potentials', 'potential_estimates', "ultimate_parent_id || '|' || product_group", month_start('as_of_date'),
            'ultimate_parent_id', 'annual_demand'
        ) }}
    from product_groups
    where is_stale
)

select * from final
