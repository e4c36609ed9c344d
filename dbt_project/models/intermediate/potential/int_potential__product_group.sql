-- One row per as-of date, scored parent and product group with revenue or an estimate: share of wallet and the achievable gap, never
-- netted across groups. Without an estimate nothing is said about the share, no flag either. A month that is only replayed has the groups
-- with an estimate, and of them no more than its zone stands on: no ratio, no next best group, potential revenue where a criterion asks.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

told_dates as (
    {{ dates_asked(['int_potential__penetration', 'potential_revenue'], with_compared=true) }}
),

parents as (
    select
        parents.*,
        told_dates.as_of_date is not null as is_told
    from {{ ref('int_customers__parents') }} as parents
    left join told_dates on parents.as_of_date = told_dates.as_of_date
    where parents.is_scored
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

depths as (
    select as_of_date, is_revenue_known from {{ ref('int_contribution__depth') }}
),

revenue as (
    select
        dates.as_of_date,
        months.ultimate_parent_id,
        months.product_group,
        {{ money('sum(months.gross_list_revenue - months.revenue_deductions)') }} as net_revenue
    from {{ ref('int_contribution__revenue_by_parent') }} as months
    inner join dates
        on
            months.known_at = dates.known_at
            and months.first_as_of_date <= dates.as_of_date
            and months.last_as_of_date >= dates.as_of_date
            and months.month_start between dates.window_start and dates.as_of_date
    where months.product_group is not null
    group by dates.as_of_date, months.ultimate_parent_id, months.product_group
),

estimates as (
    select * from {{ ref('int_potential__estimates') }}
    where valid_on = as_of_date
),

pairs as (
    select revenue.as_of_date, revenue.ultimate_parent_id, revenue.product_group
    from revenue
    inner join told_dates on revenue.as_of_date = told_dates.as_of_date
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
        parents.is_told,
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
        is_told,
        annual_demand,
        demand_basis,
        is_estimate_duplicated,
        net_revenue,
        case when is_told then {{ ratio(exact_div('net_revenue', 'annual_demand')) }} end as sow_raw_ratio,
        case when is_told then {{ ratio(exact_div('least(greatest(net_revenue, 0), annual_demand)', 'annual_demand')) }} end as sow_capped_ratio,
        case when is_told then {{ ratio(exact_div('achievable_revenue', 'annual_demand')) }} end as achievable_share_ratio,
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
        is_told,
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
            when net_revenue is null or not is_told then null
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
        as_of_date,
        ultimate_parent_id,
        product_group,
        row_number() over (
            partition by as_of_date, ultimate_parent_id
            order by achievable_gap desc, product_group
        ) as position
    from final
    where is_told and achievable_gap > 0
),

told as (
    select
        final.as_of_date,
        final.ultimate_parent_id,
        final.product_group,
        final.annual_demand,
        final.demand_basis,
        final.is_estimate_duplicated,
        final.net_revenue,
        final.sow_raw_ratio,
        final.sow_capped_ratio,
        final.achievable_share_ratio,
        final.achievable_revenue,
        final.achievable_demand,
        final.estimated_achievable_revenue,
        final.achievable_gap,
        final.potential_revenue,
        final.capped_revenue,
        final.is_white_space,
        final.is_above_demand,
        final.is_negative,
        final.is_contradicted,
        final.is_stale,
        final.oldest_valid_from,
        case when final.is_told then coalesce(ranked.position = 1, false) end as is_next_best_product_group
    from final
    left join ranked
        on
            final.as_of_date = ranked.as_of_date
            and final.ultimate_parent_id = ranked.ultimate_parent_id
            and final.product_group = ranked.product_group
)

select * from told
