-- One row per foreign currency and day on which an amount has to be converted, with the last rate published on or before it that is
-- not older than the configured age. A missing rate stays NULL and stops the publication (int_contribution__amounts_without_rate).
with

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

-- The newest version delivered of each published rate, also where later deliveries no longer reach back to it.
rates as (
    select rate_date, currency_code, units_per_reporting_currency
    from (
        select
            rate_date,
            currency_code,
            units_per_reporting_currency,
            row_number() over (partition by rate_date, currency_code order by known_from desc) as position
        from {{ ref('stg_erp__exchange_rates') }}
    ) as versions
    where position = 1
),

-- A published rate holds until the day before the next one, at most for the configured age: at most one rate holds on a day.
valid_rates as (
    select
        rates.rate_date,
        rates.currency_code,
        rates.units_per_reporting_currency,
        least(
            coalesce(
                {{ add_days('lead(rates.rate_date) over (partition by rates.currency_code order by rates.rate_date)', -1) }},
                {{ add_days('rates.rate_date', 'parameters.fx_max_age_days') }}
            ),
            {{ add_days('rates.rate_date', 'parameters.fx_max_age_days') }}
        ) as valid_to
    from rates
    cross join parameters
),

foreign_days as (
    select distinct currency_code, needed_on from {{ ref('int_contribution__amounts_to_convert') }}
),

applied as (
    select
        foreign_days.currency_code,
        foreign_days.needed_on,
        valid_rates.rate_date,
        valid_rates.units_per_reporting_currency
    from foreign_days
    left join valid_rates
        on
            foreign_days.currency_code = valid_rates.currency_code
            and foreign_days.needed_on >= valid_rates.rate_date
            and foreign_days.needed_on <= valid_rates.valid_to
)

select * from applied
