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

foreign_days as (
    select distinct
        needed.currency_code,
        needed.needed_on,
        parameters.fx_max_age_days
    from {{ ref('int_contribution__amounts_to_convert') }} as needed
    cross join parameters
),

candidates as (
    select
        foreign_days.currency_code,
        foreign_days.needed_on,
        rates.rate_date,
        rates.units_per_reporting_currency,
        row_number() over (
            partition by foreign_days.currency_code, foreign_days.needed_on
            order by rates.rate_date desc nulls last
        ) as position
    from foreign_days
    left join rates
        on
            foreign_days.currency_code = rates.currency_code
            and rates.rate_date <= foreign_days.needed_on
            and {{ days_between('rates.rate_date', 'foreign_days.needed_on') }} <= foreign_days.fx_max_age_days
),

applied as (
    select currency_code, needed_on, rate_date, units_per_reporting_currency
    from candidates
    where position = 1
)

select * from applied
