-- One row per legal entity, month (NULL: undated), account group and part of the reconciliation: what was booked on customers, leads,
-- own companies and nobody (with the reason), what is in quarantine, what no hour was logged for, what stands in for missing cost
-- of goods, with the other sign, and advance payments, which are no part of the result. All amounts are contributions to the result (costs negative).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

depths as (
    select depths.*
    from {{ ref('int_contribution__depth') }} as depths
    inner join dates on depths.as_of_date = dates.as_of_date
),

only_company as (
    select * from {{ ref('int_contribution__only_company') }}
),

booked_parts as (
    select * from {{ ref('int_contribution__booked_parts') }}
),

booked as (
    select * from booked_parts
    where coalesce(part <> 'imputed_cogs', true)
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

quarantined as (
    select
        bookings.account_group,
        coalesce(bookings.company_id, only_company.company_id, 'unknown') as company_id,
        bookings.month_start,
        bookings.amount
    from {{ ref('int_contribution__quarantined_parts') }} as bookings
    cross join dates
    cross join only_company
    where bookings.month_start is null or bookings.month_start <= dates.as_of_date
),

booked_months as (
    select month_start from booked
    union
    select month_start from quarantined
    where month_start is not null
),

first_months as (
    select min(booked_months.month_start) as month_start, dates.as_of_date
    from booked_months
    cross join dates
    group by dates.as_of_date
),

-- Every month from the first booking on: a pool costs money in a month without any booking, too.
numbered_months as (
    select
        month_start,
        as_of_date,
        {{ numbers_to('coalesce(greatest(' ~ months_between('month_start', 'as_of_date') ~ ', 0), 0)') }} as months_later
    from first_months
),

months as (
    select {{ add_months('month_start', 'months_later') }} as month_start, as_of_date
    from numbered_months
),

-- A year's pool cost by month, rounded cumulatively, so that twelve months are the year to the cent.
pool_months as (
    select
        pools.account_group,
        coalesce(pools.company_id, only_company.company_id, '*') as company_id,
        months.month_start,
        sum(
            {{ exact_div('pools.annual_cost * extract(month from months.month_start)', '12', 2) }}
            - {{ exact_div('pools.annual_cost * (extract(month from months.month_start) - 1)', '12', 2) }}
        ) as pool_cost
    from months
    cross join only_company
    -- Nobody logs where activities are not delivered: then nothing is unused, and a pool nobody uses is not this company's.
    inner join depths on depths.sales_status = 'delivered'
    inner join pools
        on
            pools.valid_from <= {{ month_end('months.month_start') }}
            and (pools.valid_to is null or pools.valid_to >= {{ month_end('months.month_start') }})
    group by pools.account_group, coalesce(pools.company_id, only_company.company_id, '*'), months.month_start
),

assigned_months as (
    select
        account_group,
        company_id,
        month_start,
        sum(amount) as assigned
    from booked
    group by account_group, company_id, month_start
),

unused as (
    select
        pool_months.account_group,
        pool_months.company_id,
        pool_months.month_start,
        -(pool_months.pool_cost + coalesce(assigned_months.assigned, 0)) as amount
    from pool_months
    left join assigned_months
        on
            pool_months.account_group = assigned_months.account_group
            and pool_months.company_id = assigned_months.company_id
            and pool_months.month_start = assigned_months.month_start
),

booked_companies as (
    select distinct company_id from booked
    where company_id <> '*'
    union
    select distinct company_id from quarantined
    where company_id <> 'unknown'
),

-- All seven, also those no ledger group covers: what is booked there is told without a ledger.
account_groups as (
    {%- for account_group in result_groups() %}
    select '{{ account_group }}' as account_group
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

parts as (
    select account_group, company_id, month_start, part, amount, unknown_amounts from booked_parts
    union all
    select account_groups.account_group, booked_companies.company_id, months.month_start, 'nothing' as part, 0 as amount, 0 as unknown_amounts
    from months
    cross join account_groups
    cross join booked_companies
    union all
    select account_group, company_id, month_start, 'quarantined' as part, amount, case when amount is null then 1 else 0 end as unknown_amounts
    from quarantined
    union all
    select account_group, company_id, month_start, 'unused_capacity' as part, amount, case when amount is null then 1 else 0 end as unknown_amounts
    from unused
    union all
    -- An advance payment is owed to the customer until the final invoice: told beside the revenue, and no part of it.
    select
        'gross_list_revenue' as account_group,
        lines.company_id,
        lines.month_start,
        'advance' as part,
        sum(lines.advance_amount) as amount,
        0 as unknown_amounts
    from {{ ref('int_contribution__lines_by_month') }} as lines
    inner join dates
        on
            {{ is_known('lines', 'dates') }}
            and lines.month_start <= dates.as_of_date
    where lines.advance_amount <> 0
    group by lines.company_id, lines.month_start
),

-- What is not known is nobody's nothing.
told as (
    select
        dates.as_of_date,
        parts.company_id,
        parts.month_start,
        parts.account_group,
        parts.part,
        case
            when parts.account_group = 'cogs' then depths.cogs_status
            when parts.account_group = 'marketing' then depths.marketing_status
            when parts.account_group in ('field_sales_cost', 'inside_sales_cost') then depths.sales_status
            when parts.account_group = 'service_logistics' then depths.service_logistics_status
            else 'delivered'
        end = 'unknown' as is_cost_unknown,
        cast(sum(parts.amount) as decimal(38, 2)) as amount,
        {{ whole('sum(parts.unknown_amounts)') }} as unknown_amounts
    from parts
    cross join dates
    cross join depths
    group by 1, 2, 3, 4, 5, 6
)

select * from told
