-- One row per month of net revenue (NULL: bookings without a readable date): delivered = in the marts + set aside. A ledger group that
-- mixes revenue with costs tells neither.
create temp table months as
with

told as (
    select
        substr(setting, length('ledger_groups.') + 1) as account_group,
        string_split_regex(value, ',\s*') as parts,
    from mart_method_settings
    where setting like 'ledger\_groups.%' escape '\'
),

revenue_groups as (
    select account_group from told
    where list_has_all(['gross_list_revenue', 'revenue_deductions'], parts)
    union
    select unnest(['gross_list_revenue', 'revenue_deductions', 'net_revenue']) as account_group
),

mixed as (
    select count(*) > 0 as is_mixed
    from told
    where
        list_has_any(['gross_list_revenue', 'revenue_deductions'], parts)
        and not list_has_all(['gross_list_revenue', 'revenue_deductions'], parts)
),

reconciled as (
    select
        try_cast(mart_reconciliation.period || '-01' as date) as month_start,
        sum(customers + leads + intercompany + unassigned_unknown_customer + unassigned_missing_cost_centre + quarantined)
            as delivered,
        sum(quarantined) as set_aside,
    from mart_reconciliation
    inner join revenue_groups on mart_reconciliation.account_group = revenue_groups.account_group
    where
        mart_reconciliation.as_of_date = (select page.as_of_date from page)
        and (mart_reconciliation.period like '____-__' or mart_reconciliation.period = 'unknown')
    group by month_start
),

published as (
    select
        month_start,
        sum(net_revenue) as in_marts,
        coalesce(sum(net_revenue) filter (relationship_type = 'unassigned'), 0) as of_nobody,
    from mart_contribution_month
    where as_of_date = (select page.as_of_date from page)
    group by month_start
),

set_aside_rows as (
    select
        month_start,
        count(*) as row_count,
    from quarantined_rows
    where table_name = 'invoice_lines'
    group by month_start
),

joined as (
    select
        coalesce(reconciled.month_start, published.month_start) as month_start,
        case when not mixed.is_mixed then reconciled.delivered end as delivered,
        coalesce(published.in_marts, 0) as in_marts,
        coalesce(published.of_nobody, 0) as of_nobody,
        case when not mixed.is_mixed then coalesce(reconciled.set_aside, 0) end as set_aside,
    from reconciled
    full outer join published on reconciled.month_start = published.month_start
    cross join mixed
)

select
    joined.month_start,
    cast(joined.delivered as decimal(38, 2)) as delivered,
    cast(joined.in_marts as decimal(38, 2)) as in_marts,
    cast(joined.of_nobody as decimal(38, 2)) as of_nobody,
    cast(joined.set_aside as decimal(38, 2)) as set_aside,
    cast(joined.delivered - joined.in_marts - joined.set_aside as decimal(38, 2)) as difference,
    coalesce(set_aside_rows.row_count, 0) as rows_set_aside,
from joined
left join set_aside_rows on joined.month_start is not distinct from set_aside_rows.month_start;
