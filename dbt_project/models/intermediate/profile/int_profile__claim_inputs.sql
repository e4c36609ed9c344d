-- One row per shown as-of date: which inputs of the claims are delivered, and whether the year is a bad one (METHOD 1.19).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

measures as (
    select * from {{ ref('int_profile__claims') }}
),

sources as (
    select
        max(case when table_name = 'invoice_lines' and is_delivered then 1 else 0 end) = 1 as has_invoice_lines,
        max(case when table_name = 'activities' and is_delivered then 1 else 0 end) = 1 as has_activities,
        max(case when table_name = 'potential_estimates' and is_delivered then 1 else 0 end) = 1 as has_estimates
    from {{ ref('stg_control__source_coverage') }}
),

portfolio as (
    select
        as_of_date,
        {{ money('sum(current_net_revenue)') }} as current_net_revenue,
        {{ money('sum(prior_net_revenue)') }} as prior_net_revenue,
        max(threshold_revenue) as threshold_revenue
    from measures
    group by as_of_date
),

final as (
    select
        dates.as_of_date,
        sources.has_invoice_lines,
        sources.has_activities,
        sources.has_estimates,
        coalesce(depths.contribution_depth > 0, false) as has_contribution,
        portfolio.threshold_revenue is not null as has_threshold,
        earlier.as_of_date is not null as has_earlier_month,
        case when portfolio.prior_net_revenue > 0 then {{ ratio(exact_div(
            'portfolio.current_net_revenue - portfolio.prior_net_revenue', 'portfolio.prior_net_revenue'
        )) }} end as portfolio_revenue_yoy,
        coalesce(portfolio.prior_net_revenue > 0 and portfolio.current_net_revenue < portfolio.prior_net_revenue, false) as is_bad_year
    from dates
    cross join sources
    left join depths on dates.as_of_date = depths.as_of_date
    left join dates as earlier
        on
            {{ month_end(add_months('dates.as_of_date', -12)) }} = earlier.as_of_date
            and dates.judged_from <= earlier.as_of_date
    left join portfolio on dates.as_of_date = portfolio.as_of_date
    where dates.is_shown
)

select * from final
