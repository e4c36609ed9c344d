-- One row per table, foreign currency and day with amounts that no published rate is young enough for: they are in no sum, so nothing may
-- be published. What the gate, the check of the sales input and dbt's test fx_missing read.
{{ config(materialized='view') }}
with

amounts as (
    select * from {{ ref('int_contribution__amounts_to_convert') }}
    where row_count > 0
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
    where units_per_reporting_currency is null
),

missing as (
    select
        amounts.table_name,
        amounts.currency_code,
        amounts.needed_on,
        amounts.is_at_as_of,
        amounts.row_count,
        amounts.amount
    from amounts
    inner join rates
        on
            amounts.currency_code = rates.currency_code
            and amounts.needed_on = rates.needed_on
)

select * from missing
