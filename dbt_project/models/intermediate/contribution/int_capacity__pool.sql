-- One row per as-of date and resource pool: what the year of the pool costs and can do, and what of it was logged in the 12 months.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

logged as (
    select
        as_of_date,
        pool,
        {{ whole('sum(minutes)') }} as logged_minutes,
        {{ money('sum(cost)') }} as assigned_cost
    from {{ ref('int_activities__costed') }}
    where is_in_window
    group by as_of_date, pool
),

capacity as (
    select
        dates.as_of_date,
        pools.pool,
        pools.account_group,
        pools.annual_cost as pool_cost,
        pools.practical_capacity_hours as practical_hours,
        coalesce(logged.logged_minutes, 0) as logged_minutes,
        cast({{ exact_div('coalesce(logged.logged_minutes, 0)', '60', 4) }} as decimal(18, 4)) as logged_hours,
        {{ money('coalesce(logged.assigned_cost, 0)') }} as assigned_cost
    from dates
    inner join pools
        on
            pools.valid_from <= dates.as_of_date
            and (pools.valid_to is null or pools.valid_to >= dates.as_of_date)
    left join logged
        on
            dates.as_of_date = logged.as_of_date
            and pools.pool = logged.pool
),

measured as (
    select
        as_of_date,
        pool,
        account_group,
        pool_cost,
        practical_hours,
        logged_minutes,
        logged_hours,
        assigned_cost,
        practical_hours - logged_hours as unused_hours,
        {{ money('pool_cost - assigned_cost') }} as unused_capacity_cost,
        {{ ratio(exact_div('logged_minutes', '60 * practical_hours')) }} as logged_capacity_ratio,
        assigned_cost > pool_cost as is_over_recorded
    from capacity
)

select * from measured
