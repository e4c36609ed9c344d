-- One row per ledger group and account group it contains, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'ledger_groups') }}
),

renamed as (
    select
        ledger_group,
        account_group
    from settings
)

select * from renamed
