-- One row per as-of date, currency and day of the 12 months with amounts that no published rate is young enough for. Without a
-- rate their weight in the reporting currency is unknown, so no amount is named.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
    where units_per_reporting_currency is null
),

needed as (
    select currency_code, posting_date as needed_on
    from {{ ref('stg_erp__invoice_lines') }}
    where known_to is null and (local_net_amount is null or gross_list_amount = revenue_deductions)
    union
    select currency_code, posting_date as needed_on
    from {{ ref('stg_erp__direct_costs') }}
    where known_to is null
    union
    select currency_code, due_date as needed_on
    from {{ ref('stg_erp__open_items') }}
    where known_to is null
    union
    select currency_code, valid_from as needed_on
    from {{ ref('stg_crm__potential_estimates') }}
    where known_to is null and annual_demand is not null
    union
    select currency_code, created_on as needed_on
    from {{ ref('stg_crm__opportunities') }}
    where known_to is null and amount is not null
),

found as (
    select
        needed.currency_code,
        needed.needed_on
    from needed
    inner join rates
        on
            needed.currency_code = rates.currency_code
            and needed.needed_on = rates.needed_on
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
