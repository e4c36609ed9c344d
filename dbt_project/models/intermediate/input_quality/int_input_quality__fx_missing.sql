-- One row per as-of date, currency and day of the 12 months with amounts that no published rate is young enough for. Without a
-- rate their weight in the reporting currency is unknown, so no amount is named.
{{ config(meta={'decides': 'exchange_rates.rate_date rate', 'home': 'int_contribution__amounts_without_rate', 'limits': ['fx_max_age_days']}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

found as (
    select distinct currency_code, needed_on from {{ ref('int_contribution__amounts_without_rate') }}
),

final as (
    select
        dates.as_of_date,
        {{ finding(
            'fx_missing', 'exchange_rates', "found.currency_code || '|' || " ~ date_text('found.needed_on'), month_start('found.needed_on')
        ) }}
    from found
    inner join dates on found.needed_on between dates.window_start and dates.as_of_date
)

select * from final
