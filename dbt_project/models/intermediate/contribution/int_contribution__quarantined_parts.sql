-- One row per quarantined booking and account group, converted and signed as it would enter the result (costs negative). Legal entity and month
-- are NULL where the booking tells none.
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

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
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

line_groups as (
    select 'gross_list_revenue' as account_group
    union all
    select 'revenue_deductions' as account_group
    union all
    select 'cogs' as account_group
),

quarantined_parts as (
    select
        line_groups.account_group,
        lines.company_id,
        lines.month_start,
        cast(case line_groups.account_group
            when 'gross_list_revenue' then lines.gross_list_revenue
            when 'revenue_deductions' then -lines.revenue_deductions
            when 'cogs' then -lines.cogs
        end as decimal(38, 2)) as amount
    from quarantined_lines as lines
    cross join line_groups
    union all
    -- A booking whose cost type cannot be read belongs to no account group, but it is not lost.
    select
        case when cost_type in ('marketing', 'service_logistics') then cost_type else 'unknown' end as account_group,
        company_id,
        month_start,
        cast(-amount as decimal(38, 2)) as amount
    from quarantined_costs
)

select * from quarantined_parts
