-- A returned row is a table, currency and day with amounts no published rate is young enough for: how many rows, and how much (in that
-- currency). Without a rate they are in no sum, so nothing may be published.
{{ config(meta={
    'what': 'every amount in a foreign currency has a rate of its day or of the few days before it',
    'remedy': 'deliver the missing rates in exchange_rates, or raise currency.max_rate_age_days in config/portfolio.yml',
}) }}
select table_name, currency_code, needed_on, row_count, amount from {{ ref('int_contribution__amounts_without_rate') }}
