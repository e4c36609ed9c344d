-- One row per version of a general-ledger total, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'ledger_totals'), 'ledger_totals', ['company_id', 'period', 'account_group']) }}
),

renamed as (
    select
        -- keys
        company_id,
        period,
        account_group,
        -- amounts
        amount,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
