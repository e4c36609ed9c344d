select
    count(distinct period) as months,
    coalesce(sum(customers), 0)::decimal(38, 2) as customers,
    coalesce(sum(leads), 0)::decimal(38, 2) as leads,
    coalesce(sum(intercompany), 0)::decimal(38, 2) as intercompany,
    coalesce(sum(unassigned_unknown_customer), 0)::decimal(38, 2) as unassigned_unknown_customer,
    coalesce(sum(unassigned_missing_cost_centre), 0)::decimal(38, 2) as unassigned_missing_cost_centre,
    coalesce(sum(quarantined), 0)::decimal(38, 2) as quarantined,
    coalesce(sum(unused_capacity), 0)::decimal(38, 2) as unused_capacity,
    coalesce(sum(total), 0)::decimal(38, 2) as total,
    case when count(*) = count(ledger) then sum(ledger) end::decimal(38, 2) as ledger,
    case when count(*) = count(difference) then sum(difference) end::decimal(38, 2) as difference,
    count(*) filter (where status = 'difference') as cells_with_difference,
    count(distinct period) filter (where status = 'reconciled') as months_with_ledger,
    case
        when count(*) = 0 then 'not_available'
        when bool_or(status in ('difference', 'blocking_error')) then 'difference'
        when bool_and(status = 'reconciled') then 'reconciled'
        when bool_or(status = 'reconciled') then 'partly_available'
        when bool_or(status = 'within_year') then 'within_year'
        else 'not_available'
    end as status,
    coalesce(
        (select sum(quarantined) from reconciled where grain = 'undated'), 0
    )::decimal(38, 2) as undated_quarantined,
from reconciled
-- A cost nobody delivered is no amount, and nothing to compare.
where grain = 'month' and status <> 'cost_unknown'
