-- One row per as-of date, campaign and customer of one of its two arms: net revenue and contribution 4 of the compared months before
-- and after its start.
{#
    Not read from int_contribution__entity_month: as-of dates before the latest hold 12 months there, a comparison needs up to 24
    that may lie years back. Activities are those counted at the latest as-of date, on the parents of each date.
#}
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
    where months_compared > 0
),

members as (
    select * from {{ ref('int_campaigns__members') }}
    where arm is not null
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

latest as (
    select as_of_date from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

compared as (
    select
        members.as_of_date,
        campaigns.known_at,
        members.campaign_id,
        members.ultimate_parent_id,
        members.arm,
        campaigns.pre_from,
        campaigns.pre_before,
        campaigns.post_from,
        campaigns.post_before
    from members
    inner join campaigns
        on
            members.as_of_date = campaigns.as_of_date
            and members.campaign_id = campaigns.campaign_id
),

revenue as (
    select
        compared.as_of_date,
        compared.campaign_id,
        compared.ultimate_parent_id,
        case when lines.month_start >= compared.post_from then 'post' else 'pre' end as side,
        lines.gross_list_revenue - lines.revenue_deductions as net_revenue,
        lines.gross_list_revenue - lines.revenue_deductions - lines.cogs as contribution
    from compared
    inner join customers
        on
            compared.as_of_date = customers.as_of_date
            and compared.ultimate_parent_id = customers.ultimate_parent_id
    inner join {{ ref('int_contribution__lines_by_month') }} as lines
        on
            customers.customer_id = lines.customer_id
            and {{ is_known('lines', 'compared') }}
            and (
                (lines.month_start >= compared.pre_from and lines.month_start < compared.pre_before)
                or (lines.month_start >= compared.post_from and lines.month_start < compared.post_before)
            )
),

direct_costs as (
    select
        compared.as_of_date,
        compared.campaign_id,
        compared.ultimate_parent_id,
        case when costs.month_start >= compared.post_from then 'post' else 'pre' end as side,
        costs.amount
    from compared
    inner join customers
        on
            compared.as_of_date = customers.as_of_date
            and compared.ultimate_parent_id = customers.ultimate_parent_id
    inner join {{ ref('int_contribution__direct_costs') }} as costs
        on
            customers.customer_id = costs.customer_id
            and {{ is_known('costs', 'compared') }}
            and costs.cost_type in ('marketing', 'service_logistics')
            and (
                (costs.month_start >= compared.pre_from and costs.month_start < compared.pre_before)
                or (costs.month_start >= compared.post_from and costs.month_start < compared.post_before)
            )
),

activities as (
    select costed.account_id, costed.month_start, costed.cost
    from {{ ref('int_contribution__activities') }} as costed
    inner join latest on costed.as_of_date = latest.as_of_date
    where costed.is_counted
),

sales_costs as (
    select
        compared.as_of_date,
        compared.campaign_id,
        compared.ultimate_parent_id,
        case when activities.month_start >= compared.post_from then 'post' else 'pre' end as side,
        activities.cost
    from compared
    inner join accounts
        on
            compared.as_of_date = accounts.as_of_date
            and compared.ultimate_parent_id = accounts.ultimate_parent_id
    inner join activities
        on
            accounts.account_id = activities.account_id
            and (
                (activities.month_start >= compared.pre_from and activities.month_start < compared.pre_before)
                or (activities.month_start >= compared.post_from and activities.month_start < compared.post_before)
            )
),

amounts as (
    select as_of_date, campaign_id, ultimate_parent_id, side, net_revenue, contribution from revenue
    union all
    select as_of_date, campaign_id, ultimate_parent_id, side, 0 as net_revenue, -amount as contribution from direct_costs
    union all
    select as_of_date, campaign_id, ultimate_parent_id, side, 0 as net_revenue, -cost as contribution from sales_costs
),

summed as (
    select
        as_of_date,
        campaign_id,
        ultimate_parent_id,
        sum(case when side = 'pre' then net_revenue else 0 end) as net_revenue_pre,
        sum(case when side = 'post' then net_revenue else 0 end) as net_revenue_post,
        sum(case when side = 'pre' then contribution else 0 end) as contribution_4_pre,
        sum(case when side = 'post' then contribution else 0 end) as contribution_4_post
    from amounts
    group by as_of_date, campaign_id, ultimate_parent_id
),

final as (
    select
        compared.as_of_date,
        compared.campaign_id,
        compared.ultimate_parent_id,
        compared.arm,
        {{ money('coalesce(summed.net_revenue_pre, 0)') }} as net_revenue_pre,
        {{ money('coalesce(summed.net_revenue_post, 0)') }} as net_revenue_post,
        {{ money('coalesce(summed.contribution_4_pre, 0)') }} as contribution_4_pre,
        {{ money('coalesce(summed.contribution_4_post, 0)') }} as contribution_4_post
    from compared
    left join summed
        on
            compared.as_of_date = summed.as_of_date
            and compared.campaign_id = summed.campaign_id
            and compared.ultimate_parent_id = summed.ultimate_parent_id
)

select * from final
