-- One row per as-of date and resource pool: its practical hours and rate as planned then, and what of the cost and hours of its 12
-- months was logged.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

-- A pool that is not valid then may still have cost in the 12 months.
every_pool as (
    select
        dates.as_of_date,
        pools.pool,
        min(pools.account_group) as account_group
    from dates
    cross join pools
    group by dates.as_of_date, pools.pool
),

months_back as (
    {%- for months in range(12) %}
    select {{ months }} as months
    {{- ' union all' if not loop.last }}
    {%- endfor %}
),

months as (
    select
        dates.as_of_date,
        {{ add_months(month_start('dates.as_of_date'), '-months_back.months') }} as month_start
    from dates
    cross join months_back
),

-- A year's cost by month, rounded cumulatively, so that twelve months are the year to the cent.
costs as (
    select
        months.as_of_date,
        pools.pool,
        {{ money(
            'sum('
            ~ exact_div('pools.annual_cost * extract(month from months.month_start)', '12', 2)
            ~ ' - ' ~ exact_div('pools.annual_cost * (extract(month from months.month_start) - 1)', '12', 2)
            ~ ')'
        ) }} as pool_cost
    from months
    inner join pools
        on
            pools.valid_from <= {{ month_end('months.month_start') }}
            and (pools.valid_to is null or pools.valid_to >= {{ month_end('months.month_start') }})
    group by months.as_of_date, pools.pool
),

logged_months as (
    select
        known_at,
        pool,
        month_start,
        sum(minutes) as minutes,
        sum(cost) as cost
    from {{ ref('int_contribution__activities_costed') }}
    group by known_at, pool, month_start
),

-- What says again what another activity said is logged once.
logged_parts as (
    select
        dates.as_of_date,
        logged_months.pool,
        logged_months.minutes,
        logged_months.cost
    from logged_months
    inner join dates
        on
            logged_months.known_at = dates.known_at
            and logged_months.month_start between dates.window_start and dates.as_of_date
    union all
    select
        repeated.as_of_date,
        repeated.pool,
        -repeated.minutes as minutes,
        -repeated.cost as cost
    from {{ ref('int_contribution__activities_repeated') }} as repeated
    inner join dates
        on
            repeated.as_of_date = dates.as_of_date
            and repeated.activity_date between dates.window_start and dates.as_of_date
),

logged as (
    select
        as_of_date,
        pool,
        {{ whole('sum(minutes)') }} as logged_minutes,
        {{ money('sum(cost)') }} as assigned_cost
    from logged_parts
    group by as_of_date, pool
),

-- Where activities are not delivered, nobody knows what was logged: that is not nothing.
depths as (
    select as_of_date, sales_status = 'delivered' as is_delivered from {{ ref('int_contribution__depth') }}
),

capacity as (
    select
        every_pool.as_of_date,
        every_pool.pool,
        every_pool.account_group,
        pools.annual_cost,
        pools.practical_capacity_hours as practical_hours,
        {{ money('coalesce(costs.pool_cost, 0)') }} as pool_cost,
        case when depths.is_delivered then coalesce(logged.logged_minutes, 0) end as logged_minutes,
        case when depths.is_delivered then cast({{ exact_div('coalesce(logged.logged_minutes, 0)', '60', 4) }} as decimal(18, 4)) end as logged_hours,
        case when depths.is_delivered then {{ money('coalesce(logged.assigned_cost, 0)') }} end as assigned_cost
    from every_pool
    inner join depths on every_pool.as_of_date = depths.as_of_date
    left join pools
        on
            every_pool.pool = pools.pool
            and pools.valid_from <= every_pool.as_of_date
            and (pools.valid_to is null or pools.valid_to >= every_pool.as_of_date)
    left join costs
        on
            every_pool.as_of_date = costs.as_of_date
            and every_pool.pool = costs.pool
    left join logged
        on
            every_pool.as_of_date = logged.as_of_date
            and every_pool.pool = logged.pool
),

measured as (
    select
        as_of_date,
        pool,
        account_group,
        annual_cost,
        practical_hours,
        pool_cost,
        logged_minutes,
        logged_hours,
        assigned_cost,
        cast(coalesce(practical_hours, 0) - logged_hours as decimal(18, 4)) as unused_hours,
        {{ money('pool_cost - assigned_cost') }} as unused_capacity_cost,
        {{ ratio(exact_div('logged_minutes', '60 * practical_hours')) }} as logged_capacity_ratio,
        assigned_cost > pool_cost as is_over_recorded
    from capacity
)

select * from measured
