-- One row per as-of date, month, company, customer id and product group with lines whose cost of goods is missing: what stands in for it,
-- by the ratio that the product group (or, where it has none, the portfolio) has in the 12 months of the as-of date.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

ratios as (
    select * from {{ ref('int_contribution__cogs_ratios') }}
),

portfolio as (
    select * from ratios
    where product_group is null
),

missing as (
    select * from {{ ref('int_contribution__lines_without_cogs') }}
),

knowledge as (
    select distinct known_at from dates
),

known_missing as (
    select
        knowledge.known_at,
        missing.company_id,
        missing.customer_id,
        missing.product_group,
        missing.month_start,
        missing.net_revenue,
        sum(missing.line_count) as line_count
    from knowledge
    inner join missing on {{ is_known('missing', 'knowledge') }}
    group by
        knowledge.known_at,
        missing.company_id,
        missing.customer_id,
        missing.product_group,
        missing.month_start,
        missing.net_revenue
),

with_ratio as (
    select
        dates.as_of_date,
        missing.company_id,
        missing.customer_id,
        missing.product_group,
        missing.month_start,
        missing.net_revenue,
        missing.line_count,
        coalesce(ratios.cogs, portfolio.cogs) as ratio_cogs,
        coalesce(ratios.net_revenue, portfolio.net_revenue) as ratio_net_revenue
    from dates
    inner join known_missing as missing
        on
            dates.known_at = missing.known_at
            and missing.month_start <= dates.as_of_date
            and (dates.is_latest or missing.month_start >= dates.window_start)
    left join ratios
        on
            dates.as_of_date = ratios.as_of_date
            and missing.product_group = ratios.product_group
    left join portfolio on dates.as_of_date = portfolio.as_of_date
),

summed as (
    select
        as_of_date,
        month_start,
        company_id,
        customer_id,
        product_group,
        {{ money('sum(line_count * ' ~ imputed_cogs_of_line() ~ ')') }} as imputed_cogs,
        {{ money('sum(line_count * net_revenue)') }} as imputed_net_revenue,
        {{ whole('sum(line_count)') }} as imputed_line_count,
        {{ whole('sum(case when ratio_net_revenue is null then line_count else 0 end)') }} as line_count_without_ratio
    from with_ratio
    group by as_of_date, month_start, company_id, customer_id, product_group
)

select * from summed
