-- One row per version of a general-ledger total, with the time in which it was what we knew: the sum of its accounts, because a later
-- delivery of a legal entity's period and group takes the place of all of them.
with

delivered as (
    select
        batch_id,
        company_id,
        period,
        account_group,
        cast(sum(amount) as decimal(18, 2)) as amount
    from {{ source('erp', 'ledger_totals') }}
    group by batch_id, company_id, period, account_group
),

versions as (
    {{ known_versions('delivered', 'ledger_totals', ['company_id', 'period', 'account_group']) }}
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
