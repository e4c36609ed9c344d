-- One row per period and ledger account group: every cent of the ledger is on customers, leads, own companies, nobody (with the
-- reason), in quarantine or unused capacity. All amounts are contributions to the result (costs negative), so the columns simply
-- add up; difference must be 0.00.
{% set account_groups = {
    'gross_list_revenue': 'gross_list_revenue',
    'revenue_deductions': '-revenue_deductions',
    'cogs': '-cogs',
    'marketing': '-marketing_cost',
    'field_sales_cost': '-field_sales_cost',
    'inside_sales_cost': '-inside_sales_cost',
    'service_logistics': '-service_logistics_cost',
} %}
with recursive

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

ledger_groups as (
    select * from {{ ref('stg_settings__ledger_groups') }}
),

pools as (
    select * from {{ ref('stg_settings__resource_pools') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

entity_months as (
    select
        entity_months.*,
        case
            when entity_months.relationship_type in ('customer', 'lead', 'intercompany') then entity_months.relationship_type
            else entity_months.unassigned_reason
        end as part
    from {{ ref('int_contribution__entity_month') }} as entity_months
    inner join dates on entity_months.as_of_date = dates.as_of_date
),

-- By month and part first: seven account groups of every customer id would be seven times as many rows. How many amounts are unknown
-- must be told of each group, because a sum passes over them.
month_parts as (
    select
        {%- for account_group, amount in account_groups.items() %}
        sum({{ amount }}) as {{ account_group }},
        count_if({{ amount }} is null) as unknown_{{ account_group }},
        {%- endfor %}
        month_start,
        part
    from entity_months
    group by month_start, part
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
        month_start,
        part,
        {{ account_group }} as amount,
        unknown_{{ account_group }} as unknown_amounts
    from month_parts
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

quarantined_lines as (
    select
        {{ month_start('lines.posting_date') }} as month_start,
        {{ converted_line_amounts() }}
    from {{ ref('stg_erp__quarantined_invoice_lines') }} as lines
    cross join parameters
    left join rates
        on
            lines.currency_code = rates.currency_code
            and lines.posting_date = rates.needed_on
    -- An exact duplicate is the same booking twice: its one accepted row already carries the amount.
    where lines.quarantine_reason <> 'DUP_EXACT'
),

quarantined_costs as (
    select
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
    select 'gross_list_revenue' as account_group, month_start, gross_list_revenue as amount from quarantined_lines
    union all
    select 'revenue_deductions' as account_group, month_start, -revenue_deductions as amount from quarantined_lines
    union all
    select 'cogs' as account_group, month_start, -cogs as amount from quarantined_lines
    union all
    -- A booking whose cost type cannot be read belongs to no account group, but it is not lost.
    select
        case when cost_type in ('marketing', 'service_logistics') then cost_type else 'unknown' end as account_group,
        month_start,
        -amount as amount
    from quarantined_costs
),

quarantined as (
    select bookings.account_group, bookings.month_start, bookings.amount
    from quarantined_bookings as bookings
    cross join dates
    where bookings.month_start is null or bookings.month_start <= dates.as_of_date
),

booked_months as (
    select month_start from booked
    union
    select month_start from quarantined
    where month_start is not null
),

-- Every month from the first booking on: a pool costs money in a month without any booking, too.
months (month_start, as_of_date) as (
    select min(booked_months.month_start) as month_start, dates.as_of_date
    from booked_months
    cross join dates
    group by dates.as_of_date
    union all
    select {{ add_months('months.month_start', 1) }} as month_start, months.as_of_date
    from months
    where {{ add_months('months.month_start', 1) }} <= months.as_of_date
),

-- A year's pool cost by month, rounded cumulatively, so that twelve months are the year to the cent.
pool_months as (
    select
        pools.account_group,
        months.month_start,
        sum(
            {{ exact_div('pools.annual_cost * extract(month from months.month_start)', '12', 2) }}
            - {{ exact_div('pools.annual_cost * (extract(month from months.month_start) - 1)', '12', 2) }}
        ) as pool_cost
    from months
    inner join pools
        on
            pools.valid_from <= {{ month_end('months.month_start') }}
            and (pools.valid_to is null or pools.valid_to >= {{ month_end('months.month_start') }})
    group by pools.account_group, months.month_start
),

assigned_months as (
    select
        account_group,
        month_start,
        sum(amount) as assigned
    from booked
    group by account_group, month_start
),

unused as (
    select
        pool_months.account_group,
        pool_months.month_start,
        -(pool_months.pool_cost + coalesce(assigned_months.assigned, 0)) as amount
    from pool_months
    left join assigned_months
        on
            pool_months.account_group = assigned_months.account_group
            and pool_months.month_start = assigned_months.month_start
),

parts as (
    select account_group, month_start, part, amount, unknown_amounts from booked
    union all
    select account_groups.account_group, months.month_start, 'nothing' as part, 0 as amount, 0 as unknown_amounts
    from months
    cross join account_groups
    union all
    select account_group, month_start, 'quarantined' as part, amount, case when amount is null then 1 else 0 end as unknown_amounts
    from quarantined
    union all
    select account_group, month_start, 'unused_capacity' as part, amount, case when amount is null then 1 else 0 end as unknown_amounts
    from unused
),

-- A delivered group without a mapping keeps its amount, and the difference shows it.
delivered_ledger as (
    select
        totals.period,
        totals.account_group as ledger_group,
        length(totals.period) = 4 as is_yearly,
        sum(case when ledger_group_names.is_revenue then totals.amount else -totals.amount end) as amount
    from {{ ref('stg_erp__ledger_totals') }} as totals
    inner join dates on {{ is_known('totals', 'dates') }}
    left join (
        select ledger_group, count_if(account_group = 'gross_list_revenue') > 0 as is_revenue
        from ledger_groups
        group by ledger_group
    ) as ledger_group_names
        on totals.account_group = ledger_group_names.ledger_group
    group by totals.period, totals.account_group
),

yearly_groups as (
    select distinct period, ledger_group from delivered_ledger
    where is_yearly
),

-- Where a group's year is delivered both as a whole and by the month, the whole is what counts.
ledger as (
    select delivered_ledger.period, delivered_ledger.ledger_group, delivered_ledger.amount
    from delivered_ledger
    left join yearly_groups
        on
            substr(delivered_ledger.period, 1, 4) = yearly_groups.period
            and delivered_ledger.ledger_group = yearly_groups.ledger_group
    where delivered_ledger.is_yearly or yearly_groups.period is null
),

-- A ledger that is delivered by the year is compared by the year.
placed as (
    select
        coalesce(yearly_groups.period, {{ month_text('parts.month_start') }}, 'unknown') as period,
        coalesce(ledger_groups.ledger_group, parts.account_group) as ledger_group,
        parts.part,
        sum(parts.amount) as amount,
        sum(parts.unknown_amounts) as unknown_amounts
    from parts
    left join ledger_groups on parts.account_group = ledger_groups.account_group
    left join yearly_groups
        on
            cast(extract(year from parts.month_start) as {{ text_type() }}) = yearly_groups.period
            and ledger_groups.ledger_group = yearly_groups.ledger_group
    group by 1, 2, 3
),

summed as (
    select
        period,
        ledger_group,
        sum(case when part = 'customer' then amount else 0 end) as customers,
        sum(case when part = 'lead' then amount else 0 end) as leads,
        sum(case when part = 'intercompany' then amount else 0 end) as intercompany,
        sum(case when part = 'unknown_customer' then amount else 0 end) as unassigned_unknown_customer,
        sum(case when part = 'missing_cost_centre' then amount else 0 end) as unassigned_missing_cost_centre,
        sum(case when part = 'quarantined' then amount else 0 end) as quarantined,
        sum(case when part = 'unused_capacity' then amount else 0 end) as unused_capacity,
        sum(amount) as total,
        sum(unknown_amounts) as unknown_amounts
    from placed
    group by period, ledger_group
),

compared as (
    select
        coalesce(summed.period, ledger.period) as period,
        coalesce(summed.ledger_group, ledger.ledger_group) as account_group,
        coalesce(summed.customers, 0) as customers,
        coalesce(summed.leads, 0) as leads,
        coalesce(summed.intercompany, 0) as intercompany,
        coalesce(summed.unassigned_unknown_customer, 0) as unassigned_unknown_customer,
        coalesce(summed.unassigned_missing_cost_centre, 0) as unassigned_missing_cost_centre,
        coalesce(summed.quarantined, 0) as quarantined,
        coalesce(summed.unused_capacity, 0) as unused_capacity,
        coalesce(summed.total, 0) as total,
        coalesce(summed.unknown_amounts, 0) as unknown_amounts,
        ledger.amount as ledger
    from summed
    full outer join ledger
        on
            summed.period = ledger.period
            and summed.ledger_group = ledger.ledger_group
),

-- A group the ledger knows, missing in a period the ledger covers, is a total of 0.00. A group it never delivers is not available.
covered as (
    select periods.period, ledger_groups_known.ledger_group
    from (select distinct period from ledger) as periods
    cross join (select distinct ledger_group from ledger) as ledger_groups_known
),

final as (
    select
        dates.as_of_date,
        compared.period,
        compared.account_group,
        {{ money('compared.customers') }} as customers,
        {{ money('compared.leads') }} as leads,
        {{ money('compared.intercompany') }} as intercompany,
        {{ money('compared.unassigned_unknown_customer') }} as unassigned_unknown_customer,
        {{ money('compared.unassigned_missing_cost_centre') }} as unassigned_missing_cost_centre,
        {{ money('compared.quarantined') }} as quarantined,
        {{ money('compared.unused_capacity') }} as unused_capacity,
        {{ money('compared.total') }} as total,
        {{ money('coalesce(compared.ledger, case when covered.period is not null then 0 end)') }} as ledger,
        {{ money('compared.total - coalesce(compared.ledger, case when covered.period is not null then 0 end)') }} as difference,
        case
            when compared.period = 'unknown' then 'undated'
            when length(compared.period) = 4 and compared.period || '-12' > {{ month_text('dates.as_of_date') }} then 'open_period'
            when compared.ledger is null and covered.period is null then 'not_available'
            when compared.total = coalesce(compared.ledger, 0) and compared.unknown_amounts = 0 then 'reconciled'
            else 'difference'
        end as status
    from compared
    cross join dates
    left join covered
        on
            compared.period = covered.period
            and compared.account_group = covered.ledger_group
    where compared.period <= {{ month_text('dates.as_of_date') }} or compared.period = 'unknown'
)

select * from final
