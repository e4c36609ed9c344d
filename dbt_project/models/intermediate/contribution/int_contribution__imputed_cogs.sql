-- One row per as-of date, month, company, customer id and product group with lines whose cost of goods is missing: what stands in for it,
-- by the ratio that the product group (or, where it has none, the portfolio) has in the 12 months of the as-of date.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer'
),

missing as (
    select * from {{ ref('int_contribution__lines_without_cogs') }}
),

-- Where nothing is missing, no ratio is asked for.
knowledge as (
    select distinct known_at from dates
    where (select count(*) from missing) > 0
),

known_lines as (
    select
        knowledge.known_at,
        lines.month_start,
        lines.customer_id,
        lines.product_group,
        sum(lines.cogs) as cogs,
        sum(lines.cogs_net_revenue) as net_revenue
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    where lines.cogs_line_count > 0
    group by knowledge.known_at, lines.month_start, lines.customer_id, lines.product_group
),

product_groups as (
    select
        dates.as_of_date,
        lines.product_group,
        {{ money('sum(lines.cogs)') }} as cogs,
        {{ money('sum(lines.net_revenue)') }} as net_revenue
    from dates
    inner join known_lines as lines
        on
            dates.known_at = lines.known_at
            and lines.month_start <= dates.as_of_date
            and lines.month_start >= dates.window_start
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and lines.customer_id = customers.customer_id
    inner join parents
        on
            customers.as_of_date = parents.as_of_date
            and customers.ultimate_parent_id = parents.ultimate_parent_id
    group by dates.as_of_date, lines.product_group
),

portfolio as (
    select
        as_of_date,
        {{ money('sum(cogs)') }} as cogs,
        {{ money('sum(net_revenue)') }} as net_revenue
    from product_groups
    group by as_of_date
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
        case when product_groups.net_revenue > 0 then product_groups.cogs when portfolio.net_revenue > 0 then portfolio.cogs end as ratio_cogs,
        case
            when product_groups.net_revenue > 0 then product_groups.net_revenue
            when portfolio.net_revenue > 0 then portfolio.net_revenue
        end as ratio_net_revenue
    from dates
    inner join known_missing as missing
        on
            dates.known_at = missing.known_at
            and missing.month_start <= dates.as_of_date
            and (dates.is_latest or missing.month_start >= dates.window_start)
    left join product_groups
        on
            dates.as_of_date = product_groups.as_of_date
            and missing.product_group = product_groups.product_group
    left join portfolio on dates.as_of_date = portfolio.as_of_date
),

summed as (
    select
        as_of_date,
        month_start,
        company_id,
        customer_id,
        product_group,
        {{ money(
            'sum(line_count * '
            ~ money(exact_div('cast(net_revenue as decimal(38, 2)) * ratio_cogs', 'ratio_net_revenue', 2, decimals=4))
            ~ ')'
        ) }} as imputed_cogs,
        {{ money('sum(line_count * net_revenue)') }} as imputed_net_revenue,
        {{ whole('sum(line_count)') }} as imputed_line_count,
        {{ whole('sum(case when ratio_net_revenue is null then line_count else 0 end)') }} as line_count_without_ratio
    from with_ratio
    group by as_of_date, month_start, company_id, customer_id, product_group
)

select * from summed
