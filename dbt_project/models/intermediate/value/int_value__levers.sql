-- One row per as-of date and parent whose loss is to be turned: what stands out most against the portfolio, and by how much (METHOD 1.18).
with

consequences as (
    select * from {{ ref('int_value__consequences') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

care as (
    select * from {{ ref('int_effort__care') }}
),

ratios as (
    select * from {{ ref('int_value__cost_ratios') }}
),

-- Wide enough to be multiplied with each other.
portfolio as (
    select
        as_of_date,
        cast(gross_list_revenue as decimal(28, 2)) as gross_list_revenue,
        cast(revenue_deductions as decimal(28, 2)) as revenue_deductions,
        cast(net_revenue as decimal(28, 2)) as net_revenue,
        cast(service_logistics_cost as decimal(28, 2)) as service_logistics_cost,
        cast(marketing_cost as decimal(28, 2)) as marketing_cost
    from ratios
),

-- Whoever is to be repriced, by the consequence or by a task of the work list.
losses as (
    select
        consequences.as_of_date,
        consequences.ultimate_parent_id,
        cast(contributions.gross_list_revenue as decimal(28, 2)) as gross_list_revenue,
        cast(contributions.revenue_deductions as decimal(28, 2)) as revenue_deductions,
        coalesce(contributions.has_deductions, true) as has_deductions,
        cast(contributions.net_revenue as decimal(28, 2)) as net_revenue,
        cast(contributions.service_logistics_cost as decimal(28, 2)) as service_logistics_cost,
        cast(contributions.marketing_cost as decimal(28, 2)) as marketing_cost,
        care.avoidable_cost
    from consequences
    inner join contributions
        on
            consequences.as_of_date = contributions.as_of_date
            and consequences.ultimate_parent_id = contributions.ultimate_parent_id
    left join care
        on
            consequences.as_of_date = care.as_of_date
            and consequences.ultimate_parent_id = care.ultimate_parent_id
    where
        consequences.recommended_action = 'reprice'
        or (consequences.customer_status = 'active' and contributions.customer_contribution < 0)
),

-- A product of money against another: the ratio itself is never rounded.
parts as (
    select
        losses.as_of_date,
        losses.ultimate_parent_id,
        case
            -- Where nobody says what was deducted, no price stands out.
            when portfolio.gross_list_revenue > 0 and losses.has_deductions
                then {{ money('greatest(' ~ exact_div(
                    'losses.revenue_deductions * portfolio.gross_list_revenue - losses.gross_list_revenue * portfolio.revenue_deductions',
                    'portfolio.gross_list_revenue', 2, decimals=4
                ) ~ ', 0)') }}
        end as price_amount,
        case
            when losses.service_logistics_cost is not null and portfolio.service_logistics_cost is not null
                then {{ money('greatest(' ~ exact_div(
                    'losses.service_logistics_cost * portfolio.net_revenue - losses.net_revenue * portfolio.service_logistics_cost',
                    'portfolio.net_revenue', 2, decimals=4
                ) ~ ', 0)') }}
        end as logistics_amount,
        case
            when losses.marketing_cost is not null and portfolio.marketing_cost is not null
                then {{ money('greatest(' ~ exact_div(
                    'losses.marketing_cost * portfolio.net_revenue - losses.net_revenue * portfolio.marketing_cost',
                    'portfolio.net_revenue', 2, decimals=4
                ) ~ ', 0)') }}
        end as marketing_amount,
        losses.avoidable_cost as effort_amount
    from losses
    left join portfolio on losses.as_of_date = portfolio.as_of_date
),

compared as (
    select
        parts.*,
        greatest(
            coalesce(price_amount, 0), coalesce(logistics_amount, 0), coalesce(marketing_amount, 0), coalesce(effort_amount, 0)
        ) as largest_amount,
        price_amount is not null and logistics_amount is not null and marketing_amount is not null and effort_amount is not null as is_known
    from parts
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        price_amount,
        logistics_amount,
        marketing_amount,
        effort_amount,
        case
            when largest_amount = 0 then case when is_known then 'goods' end
            when price_amount = largest_amount then 'price'
            when logistics_amount = largest_amount then 'logistics'
            when marketing_amount = largest_amount then 'marketing'
            else 'effort'
        end as lever,
        case when largest_amount > 0 or is_known then {{ money('largest_amount') }} end as lever_amount
    from compared
)

select * from final
