-- One row per as-of date, score object and product group whose estimate of demand is too old.
{{ config(meta={'decides': 'potential_estimates.valid_from stale', 'limits': ['stale_after_days']}) }}
with

product_groups as (
    select * from {{ ref('int_potential__product_group') }}
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
