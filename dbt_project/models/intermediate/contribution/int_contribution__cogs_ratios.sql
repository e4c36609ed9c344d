-- One row per as-of date and product group with a ratio of cost of goods to net revenue in the 12 months (product group NULL: of the whole
-- portfolio): the two sums, because the ratio is never rounded. Only where lines without cost of goods ask for it.
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
    select count(*) as row_count from {{ ref('int_contribution__lines_without_cogs') }}
),

knowledge as (
    select distinct dates.known_at
    from dates
    cross join missing
    where missing.row_count > 0
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

-- Own companies buy at other prices, and nobody knows whose the unassigned are.
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

all_ratios as (
    select as_of_date, product_group, cogs, net_revenue from product_groups
    union all
    select
        as_of_date,
        cast(null as {{ text_type() }}) as product_group,
        {{ money('sum(cogs)') }} as cogs,
        {{ money('sum(net_revenue)') }} as net_revenue
    from product_groups
    group by as_of_date
),

usable as (
    select * from all_ratios
    where net_revenue > 0
)

select * from usable
