-- One row per version of a published exchange rate, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'exchange_rates'), 'exchange_rates', ['rate_date', 'currency_code']) }}
),

renamed as (
    select
        -- keys
        rate_date,
        currency_code,
        -- rates
        units_per_reporting_currency,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
