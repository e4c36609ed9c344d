-- One row per legal entity, period and ledger account group: every cent of the ledger is on customers, leads, own companies, nobody (with the
-- reason), in quarantine or unused capacity. All amounts are contributions to the result (costs negative), so the columns simply
-- add up; difference must be 0.00.
with

compared as (
    select * from {{ ref('int_contribution__reconciliation') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        compared.as_of_date,
        compared.company_id,
        compared.period,
        compared.period_kind,
        compared.period_start,
        compared.account_group,
        compared.customers,
        compared.leads,
        compared.intercompany,
        compared.unassigned_unknown_customer,
        compared.unassigned_missing_cost_centre,
        compared.quarantined,
        compared.unused_capacity,
        compared.imputed_cogs,
        compared.advance,
        compared.total,
        compared.ledger,
        compared.difference,
        compared.status,
        {{ is_latest('compared') }} as is_latest,
        parameters.method_version
    from compared
    cross join parameters
)

select * from final
