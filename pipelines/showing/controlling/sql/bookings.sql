select
    company_id,
    period,
    case when period = 'unknown' then 'undated' when period like '____-__' then 'month' else 'year' end as period_kind,
    account_group,
    customers,
    leads,
    intercompany,
    unassigned_unknown_customer,
    unassigned_missing_cost_centre,
    quarantined,
    unused_capacity,
    total,
    ledger,
    difference,
    status,
from mart_reconciliation
left join codes on codes.code_group = 'account_group' and codes.code = mart_reconciliation.account_group
where as_of_date = (select page.as_of_date from page)
order by codes.place nulls last, account_group, company_id, period desc
