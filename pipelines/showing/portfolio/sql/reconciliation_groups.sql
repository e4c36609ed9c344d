select
    account_group,
    grain,
    min(period) as first_period,
    max(period) as last_period,
    case when count(*) = count(total) then sum(total) end::decimal(38, 2) as total,
    case when count(*) = count(ledger) then sum(ledger) end::decimal(38, 2) as ledger,
    case when count(*) = count(difference) then sum(difference) end::decimal(38, 2) as difference,
    case
        when bool_or(status in ('difference', 'blocking_error')) then 'difference'
        when bool_and(status = 'cost_unknown') then 'cost_unknown'
        when bool_and(status = 'reconciled') then 'reconciled'
        when bool_or(status = 'reconciled') then 'partly_available'
        when bool_or(status = 'within_year') then 'within_year'
        else 'not_available'
    end as status,
from reconciled
left join codes on codes.code_group = 'account_group' and codes.code = reconciled.account_group
where grain <> 'undated'
group by account_group, grain
order by grain, any_value(codes.place) nulls last, account_group
