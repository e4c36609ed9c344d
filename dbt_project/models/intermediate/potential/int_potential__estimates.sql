-- One row per as-of date, day on which estimates are asked, ultimate parent and product group with a demand: what its accounts estimate
-- added, what was delivered twice counted once (METHOD 1.6).
with

estimates as (
    select * from {{ ref('int_potential__estimates_in_use') }}
    where is_demand
),

added as (
    select
        as_of_date,
        valid_on,
        ultimate_parent_id,
        product_group,
        {{ money('sum(case when not is_demand_repeated then annual_demand end)') }} as annual_demand,
        cast(sum(case when not is_demand_repeated then achievable_demand end) as decimal(38, 8)) as achievable_demand,
        min(case when not is_demand_repeated then valid_from end) as oldest_valid_from,
        -- One account that falls back is enough: the sum is no longer one of effective demand.
        case
            when max(case when demand_stage = 'demand' and not is_demand_repeated then 1 else 0 end) = 1 then 'demand'
            else 'effective_demand'
        end as demand_basis,
        max(case when is_demand_repeated then 1 else 0 end) = 1 as is_estimate_duplicated
    from estimates
    group by as_of_date, valid_on, ultimate_parent_id, product_group
)

select * from added
