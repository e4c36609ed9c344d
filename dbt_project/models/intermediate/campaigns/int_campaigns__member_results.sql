-- One row per as-of date, campaign whose months are over, and member of one of its two arms: net revenue and contribution of the 12 months
-- before and after it, and of the year before those.
{#
    Not read from int_contribution__entity_month: as-of dates before the latest hold 12 months there, a comparison needs 36
    that may lie years back. Activities are those counted at the latest as-of date, on the parents of each date.
    The contribution is that of the depth known at the as-of date, in all three windows (SETTLED A56).
#}
with

campaigns as (
    select * from {{ ref('int_campaigns__as_of') }}
    where phase = 'measured'
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

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

ratios as (
    select * from {{ ref('int_contribution__cogs_ratios') }}
),

portfolio as (
    select * from ratios
    where product_group is null
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
        campaigns.before_from,
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
        {{ compared_side('lines.month_start') }} as side,
        lines.gross_list_revenue - lines.revenue_deductions as net_revenue,
        lines.cogs
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
                (lines.month_start >= compared.before_from and lines.month_start < compared.pre_before)
                or (lines.month_start >= compared.post_from and lines.month_start < compared.post_before)
            )
),

-- Where a line came without its cost of goods, what stands in for it (METHOD 1.3).
missing as (
    select
        compared.as_of_date,
        compared.campaign_id,
        compared.ultimate_parent_id,
        {{ compared_side('lines.month_start') }} as side,
        lines.net_revenue,
        lines.line_count,
        coalesce(ratios.cogs, portfolio.cogs) as ratio_cogs,
        coalesce(ratios.net_revenue, portfolio.net_revenue) as ratio_net_revenue
    from compared
    inner join customers
        on
            compared.as_of_date = customers.as_of_date
            and compared.ultimate_parent_id = customers.ultimate_parent_id
    inner join {{ ref('int_contribution__lines_without_cogs') }} as lines
        on
            customers.customer_id = lines.customer_id
            and {{ is_known('lines', 'compared') }}
            and (
                (lines.month_start >= compared.before_from and lines.month_start < compared.pre_before)
                or (lines.month_start >= compared.post_from and lines.month_start < compared.post_before)
            )
    left join ratios
        on
            compared.as_of_date = ratios.as_of_date
            and lines.product_group = ratios.product_group
    left join portfolio on compared.as_of_date = portfolio.as_of_date
),

direct_costs as (
    select
        compared.as_of_date,
        compared.campaign_id,
        compared.ultimate_parent_id,
        {{ compared_side('costs.month_start') }} as side,
        costs.cost_type,
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
                (costs.month_start >= compared.before_from and costs.month_start < compared.pre_before)
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
        {{ compared_side('activities.month_start') }} as side,
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
                (activities.month_start >= compared.before_from and activities.month_start < compared.pre_before)
                or (activities.month_start >= compared.post_from and activities.month_start < compared.post_before)
            )
),

amounts as (
    select as_of_date, campaign_id, ultimate_parent_id, side, 0 as depth, net_revenue as amount from revenue
    union all
    select as_of_date, campaign_id, ultimate_parent_id, side, 1 as depth, -cogs as amount from revenue
    union all
    select
        as_of_date,
        campaign_id,
        ultimate_parent_id,
        side,
        1 as depth,
        -line_count * {{ imputed_cogs_of_line() }} as amount
    from missing
    union all
    select
        as_of_date,
        campaign_id,
        ultimate_parent_id,
        side,
        case when cost_type = 'marketing' then 2 else 4 end as depth,
        -amount as amount
    from direct_costs
    union all
    select as_of_date, campaign_id, ultimate_parent_id, side, 3 as depth, -cost as amount from sales_costs
),

-- What the company says it has none of is 0.00, whatever was delivered of it.
counted as (
    select
        amounts.*,
        depths.contribution_depth
    from amounts
    inner join depths on amounts.as_of_date = depths.as_of_date
    where
        case amounts.depth
            when 1 then depths.cogs_status
            when 2 then depths.marketing_status
            when 3 then depths.sales_status
            when 4 then depths.service_logistics_status
            else 'delivered'
        end = 'delivered'
),

summed as (
    select
        {%- for side in ['before', 'pre', 'post'] %}
        sum(case when side = '{{ side }}' and depth = 0 then amount else 0 end) as net_revenue_{{ side }},
        sum(case when side = '{{ side }}' then amount else 0 end) as contribution_4_{{ side }},
        sum(case when side = '{{ side }}' and depth <= contribution_depth then amount else 0 end) as contribution_{{ side }},
        {%- endfor %}
        as_of_date,
        campaign_id,
        ultimate_parent_id
    from counted
    group by as_of_date, campaign_id, ultimate_parent_id
),

final as (
    select
        {%- for side in ['before', 'pre', 'post'] %}
        {{ money('coalesce(summed.net_revenue_' ~ side ~ ', 0)') }} as net_revenue_{{ side }},
        case when depths.contribution_depth = 4 then {{ money('coalesce(summed.contribution_4_' ~ side ~ ', 0)') }} end as contribution_4_{{ side }},
        case when depths.contribution_depth > 0 then {{ money('coalesce(summed.contribution_' ~ side ~ ', 0)') }} end as customer_contribution_{{ side }},
        {%- endfor %}
        compared.as_of_date,
        compared.campaign_id,
        compared.ultimate_parent_id,
        compared.arm
    from compared
    left join depths on compared.as_of_date = depths.as_of_date
    left join summed
        on
            compared.as_of_date = summed.as_of_date
            and compared.campaign_id = summed.campaign_id
            and compared.ultimate_parent_id = summed.ultimate_parent_id
)

select * from final
