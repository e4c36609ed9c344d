-- One row per as-of date, score object and product group with revenue or an estimate. Gaps are never netted across groups.
with

product_groups as (
    {{ of_shown_dates(ref('int_potential__product_group')) }}
),

before as (
    select * from {{ ref('int_potential__product_group_before') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        product_groups.as_of_date,
        product_groups.ultimate_parent_id,
        product_groups.product_group,
        product_groups.annual_demand,
        product_groups.demand_basis,
        product_groups.is_estimate_duplicated,
        product_groups.net_revenue,
        product_groups.sow_raw_ratio,
        product_groups.sow_capped_ratio,
        before.sow_capped_ratio_before,
        before.sow_change_ratio,
        product_groups.achievable_share_ratio,
        product_groups.achievable_gap,
        {{ money('product_groups.potential_revenue') }} as potential_revenue,
        product_groups.is_white_space,
        product_groups.is_next_best_product_group,
        product_groups.is_above_demand as is_sow_above_100,
        product_groups.is_negative as is_sow_negative,
        product_groups.is_contradicted as is_potential_contradicted,
        product_groups.is_stale as is_potential_stale,
        product_groups.oldest_valid_from as estimate_valid_from,
        {{ is_latest('product_groups') }} as is_latest,
        parameters.method_version
    from product_groups
    cross join parameters
    left join before
        on
            product_groups.as_of_date = before.as_of_date
            and product_groups.ultimate_parent_id = before.ultimate_parent_id
            and product_groups.product_group = before.product_group
)

select * from final
