-- One row per as-of date: which of the four costs are known, and so how far down the contribution is; whether revenue and what was deducted
-- of it are known at all.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

knowledge as (
    select distinct known_at from dates
),

cost_sources as (
    select * from {{ ref('stg_control__cost_sources') }}
),

costs as (
    select * from {{ ref('stg_settings__costs') }}
),

pools as (
    select count(*) as pool_count from {{ ref('stg_settings__resource_pools') }}
),

-- What the mapping does not name may still come, and then the rows tell.
delivered_rows as (
    select
        knowledge.known_at,
        'cogs' as cost,
        sum(lines.cogs_line_count) as row_count
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    group by knowledge.known_at
    union all
    select
        knowledge.known_at,
        direct_costs.cost_type as cost,
        count(*) as row_count
    from knowledge
    inner join {{ ref('int_contribution__direct_costs') }} as direct_costs on {{ is_known('direct_costs', 'knowledge') }}
    group by knowledge.known_at, direct_costs.cost_type
),

-- A line that nothing can stand in for makes the cost of goods unknown for all.
without_ratio as (
    select imputed.as_of_date
    from {{ ref('int_contribution__imputed_cogs') }} as imputed
    inner join dates
        on
            imputed.as_of_date = dates.as_of_date
            and imputed.month_start >= dates.window_start
    where imputed.line_count_without_ratio > 0
    group by imputed.as_of_date
),

judged as (
    select
        dates.as_of_date,
        costs.cost,
        case
            when
                case when costs.cost = 'sales' then cost_sources.is_mapped and pools.pool_count > 0 else coalesce(cost_sources.is_mapped, delivered_rows.row_count > 0) end
                then case when costs.cost = 'cogs' and without_ratio.as_of_date is not null then 'unknown' else 'delivered' end
            when costs.is_none then 'none'
            else 'unknown'
        end as status
    from dates
    cross join costs
    cross join pools
    left join cost_sources on costs.cost = cost_sources.cost
    left join delivered_rows
        on
            dates.known_at = delivered_rows.known_at
            and costs.cost = delivered_rows.cost
    left join without_ratio on dates.as_of_date = without_ratio.as_of_date
),

statuses as (
    select
        as_of_date,
        max(case when cost = 'cogs' then status end) as cogs_status,
        max(case when cost = 'marketing' then status end) as marketing_status,
        max(case when cost = 'sales' then status end) as sales_status,
        max(case when cost = 'service_logistics' then status end) as service_logistics_status
    from judged
    group by as_of_date
),

-- Where no line says what was deducted, nobody knows what the list price was.
deductions as (
    select
        knowledge.known_at,
        sum(lines.deductions_line_count) > 0 as has_deductions
    from knowledge
    inner join {{ ref('int_contribution__lines_by_month') }} as lines on {{ is_known('lines', 'knowledge') }}
    group by knowledge.known_at
),

-- A company without an ERP: nobody knows what its customers buy.
revenue as (
    select count_if(cost = 'revenue' and not is_mapped) = 0 as is_revenue_known from cost_sources
),

deep as (
    select
        as_of_date,
        cogs_status,
        marketing_status,
        sales_status,
        service_logistics_status,
        {{ whole("case
            when cogs_status = 'unknown' then 0
            when marketing_status = 'unknown' then 1
            when sales_status = 'unknown' then 2
            when service_logistics_status = 'unknown' then 3
            else 4
        end") }} as contribution_depth
    from statuses
),

final as (
    select
        deep.as_of_date,
        deep.cogs_status,
        deep.marketing_status,
        deep.sales_status,
        deep.service_logistics_status,
        -- Of an unknown revenue nothing is left.
        case when revenue.is_revenue_known then deep.contribution_depth else 0 end as contribution_depth,
        revenue.is_revenue_known,
        coalesce(deductions.has_deductions, false) as has_deductions
    from deep
    inner join dates on deep.as_of_date = dates.as_of_date
    cross join revenue
    left join deductions on dates.known_at = deductions.known_at
)

select * from final
