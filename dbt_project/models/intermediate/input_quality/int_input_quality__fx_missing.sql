-- One row per as-of date, currency and day of the 12 months with amounts that no published rate is young enough for. Without a
-- rate their weight in the reporting currency is unknown, so no amount is named.
{{ config(meta={'decides': 'exchange_rates.rate_date rate', 'home': 'int_contribution__amounts_without_rate', 'limits': ['fx_max_age_days']}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

-- What only another date converts is no finding of this one.
found as (
    select distinct
        dates.as_of_date,
        missing.currency_code,
        missing.needed_on
    from dates
    inner join {{ ref('int_contribution__amounts_without_rate') }} as missing
        on
            missing.needed_on between dates.window_start and dates.as_of_date
            and coalesce(not missing.is_at_as_of or missing.needed_on = dates.as_of_date, true)
),

final as (
    select
        as_of_date,
        {{ finding(
            'fx_missing', 'exchange_rates', "currency_code || '|' || " ~ date_text('needed_on'), month_start('needed_on')
        ) }}
    from found
)

select * from final
