-- One row per as-of date, scored parent and product group with revenue or an estimate: share of wallet and the achievable gap, never
-- netted across groups. Without an estimate nothing is said about the share, no flag either.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

depths as (
    select as_of_date, is_revenue_known from {{ ref('int_contribution__depth') }}
),

revenue as (
    select
        entity_months.as_of_date,
        entity_months.ultimate_parent_id,
        entity_months.product_group,
        {{ money('sum(entity_months.gross_list_revenue - entity_months.revenue_deductions)') }} as net_revenue
    from {{ ref('int_contribution__entity_month') }} as entity_months
    inner join dates
        on
            entity_months.as_of_date = dates.as_of_date
            and entity_months.month_start >= dates.window_start
    where
        entity_months.product_group is not null
        and entity_months.ultimate_parent_id is not null
    group by entity_months.as_of_date, entity_months.ultimate_parent_id, entity_months.product_group
),

estimates as (
    select * from {{ ref('int_potential__estimates') }}
    where valid_on = as_of_date
),

pairs as (
    select as_of_date, ultimate_parent_id, product_group from revenue
    union
    select as_of_date, ultimate_parent_id, product_group from estimates
),

joined as (
    {#- What nobody delivers is not known; a lead has bought nothing. -#}
    {%- set net_revenue = "case when coalesce(depths.is_revenue_known, true) or parents.relationship_type = 'lead' then coalesce(revenue.net_revenue, 0) end" %}
    select
        pairs.as_of_date,
        pairs.ultimate_parent_id,
        pairs.product_group,
        estimates.annual_demand,
        estimates.demand_basis,
        estimates.is_estimate_duplicated,
        {{ money(net_revenue) }} as net_revenue,
        -- A share below the current one counts as the current one: what is already bought is achievable.
        cast(
            greatest(estimates.achievable_demand, least(greatest({{ net_revenue }}, 0), estimates.annual_demand))
            as decimal(38, 8)
        ) as achievable_revenue,
        estimates.achievable_demand,
        {{ money('round(estimates.achievable_demand, 2)') }} as estimated_achievable_revenue,
        estimates.oldest_valid_from,
        {{ is_stale('estimates.oldest_valid_from', 'pairs.as_of_date') }} as is_stale,
        {{ net_revenue }} > estimates.annual_demand as is_above_demand,
        case when estimates.annual_demand is not null then {{ net_revenue }} < 0 end as is_negative,
        {{ is_demand_contradicted(net_revenue, 'estimates.annual_demand') }} as is_contradicted
    from pairs
    inner join parents
        on
            pairs.as_of_date = parents.as_of_date
            and pairs.ultimate_parent_id = parents.ultimate_parent_id
    cross join parameters
    left join depths on pairs.as_of_date = depths.as_of_date
    left join revenue
        on
            pairs.as_of_date = revenue.as_of_date
            and pairs.ultimate_parent_id = revenue.ultimate_parent_id
            and pairs.product_group = revenue.product_group
    left join estimates
        on
            pairs.as_of_date = estimates.as_of_date
            and pairs.ultimate_parent_id = estimates.ultimate_parent_id
            and pairs.product_group = estimates.product_group
),

measured as (
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        annual_demand,
        demand_basis,
        is_estimate_duplicated,
        net_revenue,
        {{ ratio(exact_div('net_revenue', 'annual_demand')) }} as sow_raw_ratio,
        {{ ratio(exact_div('least(greatest(net_revenue, 0), annual_demand)', 'annual_demand')) }} as sow_capped_ratio,
        {{ ratio(exact_div('achievable_revenue', 'annual_demand')) }} as achievable_share_ratio,
        achievable_revenue,
        achievable_demand,
        estimated_achievable_revenue,
        {{ money('greatest(0, estimated_achievable_revenue - greatest(0, net_revenue))') }} as achievable_gap_if_estimated,
        {{ money('greatest(net_revenue, coalesce(estimated_achievable_revenue, 0))') }} as potential_revenue,
        {{ capped_revenue('net_revenue', 'annual_demand') }} as capped_revenue,
        case when annual_demand is not null then annual_demand > 0 and net_revenue = 0 end as is_white_space,
        is_above_demand,
        is_negative,
        is_contradicted,
        is_stale,
        oldest_valid_from
    from joined
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        annual_demand,
        demand_basis,
        is_estimate_duplicated,
        net_revenue,
        sow_raw_ratio,
        case when net_revenue is not null then sow_capped_ratio end as sow_capped_ratio,
        case when net_revenue is not null then achievable_share_ratio end as achievable_share_ratio,
        case when net_revenue is not null then achievable_revenue end as achievable_revenue,
        achievable_demand,
        estimated_achievable_revenue,
        case when annual_demand is not null and net_revenue is not null then achievable_gap_if_estimated end as achievable_gap,
        case
            when net_revenue is null then null
            when annual_demand is not null then potential_revenue
            else greatest(0, net_revenue)
        end as potential_revenue,
        case when net_revenue is not null then capped_revenue end as capped_revenue,
        is_white_space,
        is_above_demand,
        is_negative,
        is_contradicted,
        is_stale,
        oldest_valid_from
    from measured
),

ranked as (
    select
        final.*,
        coalesce(achievable_gap > 0, false) and row_number() over (
            partition by as_of_date, ultimate_parent_id
            order by achievable_gap desc nulls last, product_group
        ) = 1 as is_next_best_product_group
    from final
)

select * from ranked
