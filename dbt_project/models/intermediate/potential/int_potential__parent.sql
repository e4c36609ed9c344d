-- One row per as-of date and scored parent: share of wallet over all product groups with an estimate, the achievable gap and what it
-- is worth. Without any estimate everything about the wallet is NULL, never 0.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

product_groups as (
    select * from {{ ref('int_potential__product_group') }}
),

share_changes as (
    select * from {{ ref('int_potential__share_change') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

-- The portfolio's own ratio stands in for whoever has no revenue or no margin yet.
portfolio as (
    select
        as_of_date,
        sum(contribution_1) as contribution_1,
        sum(net_revenue) as net_revenue
    from contributions
    where relationship_type = 'customer'
    group by as_of_date
),

summed as (
    select
        as_of_date,
        ultimate_parent_id,
        sum(annual_demand) as annual_demand,
        sum(case when annual_demand is not null then net_revenue end) as revenue_in_demand,
        sum(capped_revenue) as capped_revenue,
        sum(achievable_gap) as achievable_gap,
        sum(achievable_revenue) as achievable_revenue,
        sum(achievable_demand) as achievable_demand,
        sum(potential_revenue) as potential_revenue,
        -- One group that falls back is enough: the sum is no longer one of effective demand.
        case
            when max(case when demand_basis = 'demand' then 1 else 0 end) = 1 then 'demand'
            else 'effective_demand'
        end as demand_basis,
        max(case when is_above_demand then 1 when net_revenue is not null then 0 end) = 1 as is_sow_above_100,
        max(case when is_negative then 1 when net_revenue is not null then 0 end) = 1 as is_sow_negative,
        max(case when is_contradicted then 1 when net_revenue is not null then 0 end) = 1 as is_potential_contradicted,
        max(case when is_stale then 1 else 0 end) = 1 as is_potential_stale,
        max(case when is_estimate_duplicated then 1 else 0 end) = 1 as has_duplicate_estimate
    from product_groups
    group by as_of_date, ultimate_parent_id
    -- Whoever has no estimate at all says nothing about potential, not even that it is what is bought.
    having count(product_groups.annual_demand) > 0
),

measured as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        {{ money('summed.annual_demand') }} as annual_demand,
        summed.demand_basis,
        {{ ratio(exact_div('summed.revenue_in_demand', 'summed.annual_demand')) }} as sow_raw_ratio,
        {{ ratio(exact_div('summed.capped_revenue', 'summed.annual_demand')) }} as sow_capped_ratio,
        {{ ratio(exact_div('summed.achievable_revenue', 'summed.annual_demand')) }} as achievable_share_ratio,
        {{ money('summed.achievable_gap') }} as achievable_gap,
        {{ money(
            'case when summed.annual_demand is not null and summed.revenue_in_demand is not null'
            ~ ' then greatest(0, round(cast(summed.achievable_demand as decimal(30, 8)) - cast(greatest(0, summed.revenue_in_demand) as decimal(28, 2)), 2)) end'
        ) }} as netted_gap_contrast,
        {{ money('summed.potential_revenue') }} as potential_revenue,
        summed.is_sow_above_100,
        summed.is_sow_negative,
        summed.is_potential_contradicted,
        summed.is_potential_stale,
        summed.has_duplicate_estimate,
        share_changes.sow_change_ratio,
        share_changes.is_share_falling,
        case
            when contributions.net_revenue > 0 and contributions.contribution_1 > 0 then contributions.contribution_1
            else portfolio.contribution_1
        end as ratio_contribution_1,
        case
            when contributions.net_revenue > 0 and contributions.contribution_1 > 0 then contributions.net_revenue
            else portfolio.net_revenue
        end as ratio_net_revenue
    from parents
    left join summed
        on
            parents.as_of_date = summed.as_of_date
            and parents.ultimate_parent_id = summed.ultimate_parent_id
    inner join share_changes
        on
            parents.as_of_date = share_changes.as_of_date
            and parents.ultimate_parent_id = share_changes.ultimate_parent_id
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    left join portfolio on parents.as_of_date = portfolio.as_of_date
),

valued as (
    select
        as_of_date,
        ultimate_parent_id,
        annual_demand,
        demand_basis,
        sow_raw_ratio,
        sow_capped_ratio,
        achievable_share_ratio,
        achievable_gap,
        netted_gap_contrast,
        potential_revenue,
        is_sow_above_100,
        is_sow_negative,
        is_potential_contradicted,
        is_potential_stale,
        has_duplicate_estimate,
        sow_change_ratio,
        is_share_falling,
        case
            when ratio_net_revenue > 0
                then {{ money(exact_div('achievable_gap * ratio_contribution_1', 'ratio_net_revenue', 2, decimals=4)) }}
        end as potential_contribution
    from measured
)

select * from valued
