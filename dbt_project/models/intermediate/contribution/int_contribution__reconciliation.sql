-- One row per legal entity, period and ledger account group: every cent of the ledger is on customers, leads, own companies, nobody
-- (with the reason), in quarantine or unused capacity. All amounts are contributions to the result (costs negative), so the columns
-- simply add up; difference must be 0.00 (METHOD 1.5).
{% set columns = {
    'customers': 'customer', 'leads': 'lead', 'intercompany': 'intercompany', 'unassigned_unknown_customer': 'unknown_customer',
    'unassigned_missing_cost_centre': 'missing_cost_centre', 'quarantined': 'quarantined', 'unused_capacity': 'unused_capacity',
    'imputed_cogs': 'imputed_cogs', 'advance': 'advance',
} %}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

ledger_groups as (
    select * from {{ ref('stg_settings__ledger_groups') }}
),

-- A ledger group that holds gross list revenue is revenue; every other one is a cost.
ledger_group_signs as (
    select
        ledger_group,
        count_if(account_group = 'gross_list_revenue') > 0 as is_revenue
    from ledger_groups
    group by ledger_group
),

told_parts as (
    select
        parts.*,
        coalesce(ledger_groups.ledger_group, parts.account_group) as ledger_group
    from {{ ref('int_contribution__reconciliation_parts') }} as parts
    left join ledger_groups on parts.account_group = ledger_groups.account_group
),

-- Cost of which nobody knows the legal entity is compared with that of all of them.
shared_groups as (
    select distinct ledger_group from told_parts
    where company_id = '*'
),

parts as (
    select
        case when shared_groups.ledger_group is not null then '*' else told_parts.company_id end as company_id,
        told_parts.ledger_group,
        told_parts.month_start,
        cast(extract(year from told_parts.month_start) as {{ text_type() }}) as year,
        told_parts.part,
        told_parts.is_cost_unknown,
        told_parts.amount,
        told_parts.unknown_amounts
    from told_parts
    left join shared_groups on told_parts.ledger_group = shared_groups.ledger_group
),

-- A ledger is delivered by account: rows of one legal entity, period and group are added. A delivered group without a mapping keeps its
-- amount, and the difference shows it.
ledger as (
    select
        case when shared_groups.ledger_group is not null then '*' else totals.company_id end as company_id,
        totals.account_group as ledger_group,
        totals.period,
        substr(totals.period, 1, 4) as year,
        case
            when length(totals.period) = 4 then 'year'
            when substr(totals.period, 6, 2) > '12' then 'adjustment'
            else 'month'
        end as period_kind,
        sum(case when ledger_group_signs.is_revenue then totals.amount else -totals.amount end) as amount
    from {{ ref('stg_erp__ledger_totals') }} as totals
    -- A year that is not over yet is told; its adjustments belong to its end.
    inner join dates
        on
            {{ is_known('totals', 'dates') }}
            and case
                when length(totals.period) = 4 then totals.period || '-01'
                when substr(totals.period, 6, 2) > '12' then substr(totals.period, 1, 4) || '-12'
                else totals.period
            end <= {{ month_text('dates.as_of_date') }}
    left join ledger_group_signs on totals.account_group = ledger_group_signs.ledger_group
    left join shared_groups on totals.account_group = shared_groups.ledger_group
    group by 1, 2, 3, 4, 5
),

-- How a legal entity's group is delivered in a year decides how it is compared.
ledger_years as (
    select
        company_id,
        ledger_group,
        year,
        count_if(period_kind = 'year') > 0 as has_year,
        count_if(period_kind = 'month') > 0 as has_months,
        count_if(period_kind = 'adjustment') > 0 as has_adjustments,
        min(case when period_kind = 'month' then period end) as first_period,
        max(case when period_kind = 'month' then period end) as last_period,
        sum(amount) as amount
    from ledger
    group by company_id, ledger_group, year
),

first_month as (
    select min(month_start) as month_start from {{ ref('int_contribution__lines_by_month') }}
),

-- By the month where the ledger is, as a year where it is delivered by the year, adjusted after its end, or not there at all.
part_periods as (
    select
        parts.company_id,
        parts.ledger_group,
        parts.year,
        case
            when parts.month_start is null then 'unknown'
            when ledger_years.has_months and not ledger_years.has_year and not ledger_years.has_adjustments then {{ month_text('parts.month_start') }}
            else parts.year
        end as period,
        parts.part,
        parts.is_cost_unknown,
        parts.amount,
        parts.unknown_amounts
    from parts
    left join ledger_years
        on
            parts.company_id = ledger_years.company_id
            and parts.ledger_group = ledger_years.ledger_group
            and parts.year = ledger_years.year
    union all
    -- The months of a year that is adjusted or not delivered are shown beside it.
    select
        parts.company_id,
        parts.ledger_group,
        parts.year,
        {{ month_text('parts.month_start') }} as period,
        parts.part,
        parts.is_cost_unknown,
        parts.amount,
        parts.unknown_amounts
    from parts
    left join ledger_years
        on
            parts.company_id = ledger_years.company_id
            and parts.ledger_group = ledger_years.ledger_group
            and parts.year = ledger_years.year
    where
        parts.month_start is not null
        and (ledger_years.year is null or (ledger_years.has_adjustments and not ledger_years.has_year))
),

ledger_periods as (
    select company_id, ledger_group, year, period, amount
    from ledger
    where period_kind = 'month'
    union all
    select company_id, ledger_group, year, year as period, amount
    from ledger_years
    where has_year or has_adjustments
),

summed as (
    select
        company_id,
        ledger_group,
        period,
        max(year) as year,
        {%- for column, part in columns.items() %}
        sum(case when part = '{{ part }}' then amount else 0 end) as {{ column }},
        {%- endfor %}
        sum(case when part = 'advance' then 0 else amount end) as total,
        sum(unknown_amounts) as unknown_amounts,
        count_if(is_cost_unknown) > 0 as is_cost_unknown
    from part_periods
    group by company_id, ledger_group, period
),

-- A yearly row beside monthly ones is no period of its own.
joined as (
    select
        coalesce(summed.company_id, ledger_periods.company_id) as company_id,
        coalesce(summed.ledger_group, ledger_periods.ledger_group) as account_group,
        coalesce(summed.period, ledger_periods.period) as period,
        coalesce(summed.year, ledger_periods.year) as year,
        {%- for column in columns %}
        coalesce(summed.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        coalesce(summed.total, 0) as total,
        coalesce(summed.unknown_amounts, 0) as unknown_amounts,
        coalesce(summed.is_cost_unknown, false) as is_cost_unknown,
        ledger_periods.amount as ledger
    from summed
    full outer join ledger_periods
        on
            summed.company_id = ledger_periods.company_id
            and summed.ledger_group = ledger_periods.ledger_group
            and summed.period = ledger_periods.period
),

judged as (
    select
        dates.as_of_date,
        joined.*,
        case when joined.period = 'unknown' then 'undated' when length(joined.period) = 4 then 'year' else 'month' end as period_kind,
        case
            when joined.period = 'unknown' then 'undated'
            when ledger_years.has_year and ledger_years.has_months then case when length(joined.period) = 4 then 'blocking_error' end
            when length(joined.period) = 7 and (ledger_years.year is null or ledger_years.has_adjustments) then 'within_year'
            when joined.is_cost_unknown then 'cost_unknown'
            when ledger_years.year is null then 'not_available'
            when
                length(joined.period) = 4
                and (
                    joined.period || '-12' > {{ month_text('dates.as_of_date') }}
                    or joined.period || '-01' < {{ month_text('first_month.month_start') }}
                )
                then 'not_available'
            when length(joined.period) = 7 and joined.period not between ledger_years.first_period and ledger_years.last_period then 'not_available'
            when joined.total = coalesce(joined.ledger, 0) and joined.unknown_amounts = 0 then 'reconciled'
            else 'difference'
        end as status
    from joined
    cross join dates
    cross join first_month
    left join ledger_years
        on
            joined.company_id = ledger_years.company_id
            and joined.account_group = ledger_years.ledger_group
            and joined.year = ledger_years.year
    where joined.period <= {{ month_text('dates.as_of_date') }} or joined.period = 'unknown'
),

final as (
    select
        as_of_date,
        company_id,
        period,
        period_kind,
        cast(case period_kind when 'month' then period || '-01' when 'year' then period || '-01-01' end as date) as period_start,
        account_group,
        {%- for column in columns %}
        case when not is_cost_unknown then {{ money(column) }} end as {{ column }},
        {%- endfor %}
        case when not is_cost_unknown then {{ money('total') }} end as total,
        case
            when status in ('reconciled', 'difference') then {{ money('coalesce(ledger, 0)') }}
            when status = 'cost_unknown' then {{ money('ledger') }}
        end as ledger,
        case when status in ('reconciled', 'difference') then {{ money('total - coalesce(ledger, 0)') }} end as difference,
        status
    from judged
    where status is not null
)

select * from final
