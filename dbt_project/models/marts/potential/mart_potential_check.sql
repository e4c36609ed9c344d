-- One row per as-of date and customer: what speaks for potential nobody has estimated yet, and when it is asked about so that the fewest answers
-- cover the most revenue.
with

coverage as (
    select * from {{ ref('int_potential__coverage') }}
),

statuses as (
    select * from {{ ref('int_customers__status') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

growth as (
    select * from {{ ref('int_loyalty__growth') }}
),

portfolio as (
    select as_of_date, portfolio_revenue_yoy from {{ ref('int_profile__claim_inputs') }}
),

penetration as (
    select * from {{ ref('int_potential__penetration') }}
),

look_alikes as (
    select * from {{ ref('int_potential__look_alikes') }}
),

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

delivered_from as (
    select * from {{ ref('int_contribution__delivered_from') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

signals as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole("count_if(group_signal = 'missing')") }} as missing_groups,
        sum(case when group_signal = 'missing' then likely_revenue else 0 end) as missing_group_revenue,
        {{ whole("count_if(group_signal = 'lapsed')") }} as lapsed_groups,
        sum(case when group_signal = 'lapsed' then likely_revenue else 0 end) as lapsed_group_revenue
    from {{ ref('int_potential__signals') }}
    group by as_of_date, ultimate_parent_id
),

-- What can be asked of the date, and of the customer.
joined as (
    select
        coverage.*,
        statuses.customer_status,
        contributions.net_revenue,
        growth.prior_net_revenue,
        growth.revenue_yoy,
        portfolio.portfolio_revenue_yoy,
        case when contributions.net_revenue is not null then penetration.groups_bought end as product_groups_bought,
        look_alikes.look_alike_basis,
        look_alikes.look_alikes,
        look_alikes.look_alike_basis is not null and coalesce(penetration.groups_offered, 0) > 0 as is_missing_known,
        contributions.net_revenue is not null
        and coalesce(penetration.groups_offered, 0) > 0
        and coalesce(delivered_from.first_month <= dates.prior_window_start, false) as is_lapsed_known,
        coalesce(signals.missing_groups, 0) as missing_groups,
        coalesce(signals.missing_group_revenue, 0) as missing_group_revenue,
        coalesce(signals.lapsed_groups, 0) as lapsed_groups,
        coalesce(signals.lapsed_group_revenue, 0) as lapsed_group_revenue
    from coverage
    inner join dates on coverage.as_of_date = dates.as_of_date
    inner join statuses
        on
            coverage.as_of_date = statuses.as_of_date
            and coverage.ultimate_parent_id = statuses.ultimate_parent_id
    inner join contributions
        on
            coverage.as_of_date = contributions.as_of_date
            and coverage.ultimate_parent_id = contributions.ultimate_parent_id
    inner join growth
        on
            coverage.as_of_date = growth.as_of_date
            and coverage.ultimate_parent_id = growth.ultimate_parent_id
    left join portfolio on coverage.as_of_date = portfolio.as_of_date
    left join penetration
        on
            coverage.as_of_date = penetration.as_of_date
            and coverage.ultimate_parent_id = penetration.ultimate_parent_id
    left join look_alikes
        on
            coverage.as_of_date = look_alikes.as_of_date
            and coverage.ultimate_parent_id = look_alikes.ultimate_parent_id
    left join delivered_from on coverage.as_of_date = delivered_from.as_of_date
    left join signals
        on
            coverage.as_of_date = signals.as_of_date
            and coverage.ultimate_parent_id = signals.ultimate_parent_id
),

judged as (
    select
        joined.*,
        case when net_revenue is not null then {{ money('net_revenue - prior_net_revenue') }} end as revenue_change,
        case when net_revenue is not null then revenue_yoy > 0 and revenue_yoy > portfolio_revenue_yoy end as is_growing,
        case when is_missing_known then missing_groups end as missing_groups_known,
        {{ money('case when is_missing_known then missing_group_revenue end') }} as missing_revenue_known,
        case when is_lapsed_known then lapsed_groups end as lapsed_groups_known,
        {{ money('case when is_lapsed_known then lapsed_group_revenue end') }} as lapsed_revenue_known
    from joined
),

-- Of the money the part that is known; where neither is, nothing is.
summed as (
    select
        judged.*,
        {{ money('case when is_missing_known or is_lapsed_known then coalesce(missing_revenue_known, 0) + coalesce(lapsed_revenue_known, 0) end') }} as likely_revenue,
        {{ whole(number_that_hold(['is_growing', 'missing_groups_known > 0', 'lapsed_groups_known > 0'])) }} as signals,
        {{ whole(number_that_hold(['is_growing is not null', 'is_missing_known', 'is_lapsed_known'])) }} as signals_judged
    from judged
),

-- No sales effort goes to whoever is blocked.
ranked as (
    select
        summed.*,
        row_number() over (
            partition by as_of_date, likely_revenue > 0 and customer_status <> 'blocked'
            order by likely_revenue desc, net_revenue desc nulls last, ultimate_parent_id
        ) as position
    from summed
),

final as (
    select
        ranked.as_of_date,
        ranked.ultimate_parent_id,
        ranked.customer_status,
        ranked.net_revenue,
        -- growth
        ranked.prior_net_revenue,
        ranked.revenue_change,
        ranked.revenue_yoy,
        ranked.portfolio_revenue_yoy,
        ranked.is_growing,
        -- breadth
        ranked.product_groups_bought,
        ranked.look_alike_basis,
        ranked.look_alikes,
        {{ whole('ranked.missing_groups_known') }} as missing_groups,
        ranked.missing_revenue_known as missing_group_revenue,
        -- what it bought before
        {{ whole('ranked.lapsed_groups_known') }} as lapsed_groups,
        ranked.lapsed_revenue_known as lapsed_group_revenue,
        -- together
        ranked.signals,
        ranked.signals_judged,
        ranked.likely_revenue,
        {{ whole("case when ranked.likely_revenue > 0 and ranked.customer_status <> 'blocked' then ranked.position end") }} as potential_rank,
        -- whom to ask first
        ranked.is_askable,
        ranked.is_rated,
        ranked.is_estimated,
        ranked.portfolio_revenue,
        ranked.rated_revenue,
        ranked.rate_position,
        ranked.rated_revenue_before,
        ranked.rated_ratio_with,
        ranked.estimated_revenue,
        ranked.estimate_position,
        ranked.estimated_revenue_before,
        ranked.estimated_ratio_with,
        {{ portfolio_key('ranked') }} as portfolio_key,
        {{ is_latest('ranked') }} as is_latest,
        parameters.method_version
    from ranked
    cross join parameters
)

select * from final
