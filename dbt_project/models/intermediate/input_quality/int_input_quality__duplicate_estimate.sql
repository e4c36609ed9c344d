-- One row per as-of date and estimate in use that repeats one of another account of the same ERP customer.
{{ config(meta={'decides': 'potential_estimates.annual_demand duplicate'}) }}
with

estimates as (
    select * from {{ ref('int_potential__estimates_in_use') }}
),

final as (
    select
        as_of_date,
        {{ finding(
            'duplicate_estimate', 'potential_estimates', "account_id || '|' || product_group || '|' || " ~ date_text('valid_from'),
            month_start('as_of_date'), 'ultimate_parent_id', 'annual_demand', place='estimates'
        ) }}
    from estimates
    where valid_on = as_of_date and is_demand_repeated
)

select * from final
