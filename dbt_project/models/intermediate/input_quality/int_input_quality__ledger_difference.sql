-- One row per latest as-of date, legal entity, period and account group that differs from the ledger.
{{ config(meta={'decides': 'ledger_totals.amount sum', 'home': 'int_contribution__reconciliation'}) }}
with

compared as (
    select * from {{ ref('int_contribution__reconciliation') }}
),

found as (
    select
        compared.*,
        -- A yearly ledger speaks at the end of its year.
        case when length(period) = 4 then period || '-12-01' else period || '-01' end as first_day
    from compared
    where status in ('difference', 'blocking_error')
),

final as (
    select
        as_of_date,
        {{ finding('ledger_difference', 'ledger_totals', "company_id || '|' || period || '|' || account_group", 'first_day', amount='abs(difference)') }}
    from found
)

select * from final
