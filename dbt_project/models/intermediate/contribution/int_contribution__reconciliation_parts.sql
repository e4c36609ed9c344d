-- One row per legal entity, month (NULL: undated), account group and part of the reconciliation: what was booked on customers, leads,
-- own companies and nobody (with the reason), what is in quarantine, what no hour was logged for, what stands in for missing cost
-- of goods, with the other sign, and advance payments, which are no part of the result. All amounts are contributions to the result (costs negative).
{% set account_groups = {
    'gross_list_revenue': 'gross_list_revenue',
    'revenue_deductions': '-revenue_deductions',
    'cogs': '-cogs',
    'marketing': '-marketing_cost',
    'field_sales_cost': '-field_sales_cost',
    'inside_sales_cost': '-inside_sales_cost',
    'service_logistics': '-service_logistics_cost',
} %}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

depths as (
    select depths.*
    from {{ ref('int_contribution__depth') }} as depths
    inner join dates on depths.as_of_date = dates.as_of_date
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

-- A pool that names no legal entity has the only one there is; of several, nobody knows which.
companies as (
    select distinct company_id from {{ ref('int_contribution__lines_by_month') }}
    union
    select distinct company_id from {{ ref('int_contribution__direct_costs') }}
    union
    select distinct company_id from {{ ref('stg_erp__ledger_totals') }}
),

only_company as (
    select case when count(*) = 1 then max(company_id) end as company_id
    from companies
    where company_id is not null
),

entity_months as (
    select
        entity_months.*,
        coalesce(entity_months.company_id, only_company.company_id, '*') as told_company_id,
        case
            when entity_months.relationship_type in ('customer', 'lead', 'intercompany') then entity_months.relationship_type
            else entity_months.unassigned_reason
        end as part
    from {{ ref('int_contribution__entity_month') }} as entity_months
    inner join dates on entity_months.as_of_date = dates.as_of_date
    cross join only_company
),

-- By month and part first: seven account groups of every customer id would be seven times as many rows. How many amounts are unknown
-- must be told of each group, because a sum passes over them.
month_parts as (
    select
        {%- for account_group, amount in account_groups.items() %}
        sum({{ amount }}) as {{ account_group }},
        count_if({{ amount }} is null) as unknown_{{ account_group }},
        {%- endfor %}
        sum(imputed_cogs) as imputed_cogs,
        told_company_id as company_id,
        month_start,
        part
    from entity_months
    group by told_company_id, month_start, part
),

-- All seven, also those no ledger group covers: what is booked there is told without a ledger.
account_groups as (
    {%- for account_group in account_groups %}
    select '{{ account_group }}' as account_group
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- The account groups as rows, signed as they enter the result.
booked as (
    {%- for account_group in account_groups %}
    select
        '{{ account_group }}' as account_group,
        company_id,
        month_start,
        part,
        {{ account_group }} as amount,
        unknown_{{ account_group }} as unknown_amounts
    from month_parts
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- Where no line says what was deducted, nothing is.
quarantined_rows as (
    select
        lines.company_id,
        lines.posting_date,
        lines.currency_code,
        lines.gross_list_amount,
        case when coalesce(depths.has_deductions, true) then lines.revenue_deductions else coalesce(lines.revenue_deductions, 0) end as revenue_deductions,
        lines.cogs,
        lines.local_net_amount,
        lines.local_currency_code
    from {{ ref('stg_erp__quarantined_invoice_lines') }} as lines
    cross join depths
    -- An exact duplicate is the same booking twice: its one accepted row already carries the amount.
    where lines.quarantine_reason <> 'DUP_EXACT' and coalesce(lines.doc_type <> 'advance', true)
),

quarantined_lines as (
    select
        lines.company_id,
        {{ month_start('lines.posting_date') }} as month_start,
        {{ converted_line_amounts() }}
    from quarantined_rows as lines
    cross join parameters
    {{ join_rates_of_lines() }}
),

quarantined_costs as (
    select
        costs.company_id,
        {{ month_start('costs.posting_date') }} as month_start,
        costs.cost_type,
        {{ to_reporting('costs.amount', 'costs.currency_code') }} as amount
    from {{ ref('stg_erp__quarantined_direct_costs') }} as costs
    cross join parameters
    left join rates
        on
            costs.currency_code = rates.currency_code
            and costs.posting_date = rates.needed_on
    where costs.quarantine_reason <> 'DUP_EXACT'
),

quarantined_bookings as (
    select 'gross_list_revenue' as account_group, company_id, month_start, gross_list_revenue as amount from quarantined_lines
    union all
    select 'revenue_deductions' as account_group, company_id, month_start, -revenue_deductions as amount from quarantined_lines
    union all
    select 'cogs' as account_group, company_id, month_start, -cogs as amount from quarantined_lines
    union all
    -- A booking whose cost type cannot be read belongs to no account group, but it is not lost.
    select
        case when cost_type in ('marketing', 'service_logistics') then cost_type else 'unknown' end as account_group,
        company_id,
        month_start,
        -amount as amount
    from quarantined_costs
),

quarantined as (
    select
        bookings.account_group,
        coalesce(bookings.company_id, only_company.company_id, 'unknown') as company_id,
        bookings.month_start,
        bookings.amount
    from quarantined_bookings as bookings
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

parts as (
    select account_group, company_id, month_start, part, amount, unknown_amounts from booked
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
    union all
    -- The ledger does not hold what stands in for missing cost of goods: out of the total again.
    select 'cogs' as account_group, company_id, month_start, 'imputed_cogs' as part, imputed_cogs as amount, 0 as unknown_amounts
    from month_parts
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
