-- A returned row is a currency and table with amounts no published rate is young enough for: how many days and rows, and how much (in
-- that currency). Without a rate they are in no sum, so nothing may be published.
{{ config(meta={
    'what': 'every amount in a foreign currency has a rate of its day or of the few days before it',
    'remedy': 'deliver the missing rates in exchange_rates, or raise currency.max_rate_age_days in config/portfolio.yml',
}) }}
with

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
    where units_per_reporting_currency is null
),

-- An item that is not due yet is converted at the as-of date.
items as (
    select distinct
        open_items.company_id,
        open_items.invoice_id,
        open_items.item_no,
        open_items.currency_code,
        least(open_items.due_date, dates.as_of_date) as needed_on,
        open_items.amount
    from {{ ref('stg_erp__open_items') }} as open_items
    cross join {{ ref('stg_control__as_of_dates') }} as dates
),

amounts as (
    select 'invoice_lines' as table_name, currency_code, posting_date as needed_on, gross_list_amount as amount
    from {{ ref('stg_erp__invoice_lines') }}
    -- A booked local amount brings its own rate, except where a net of zero or of the other sign implies none.
    where local_net_amount is null or sign(gross_list_amount - revenue_deductions) * sign(local_net_amount) <= 0
    union all
    select 'direct_costs' as table_name, currency_code, posting_date as needed_on, amount
    from {{ ref('stg_erp__direct_costs') }}
    union all
    select 'open_items' as table_name, currency_code, needed_on, amount from items
    union all
    select 'potential_estimates' as table_name, currency_code, valid_from as needed_on, annual_demand as amount
    from {{ ref('stg_crm__potential_estimates') }}
    where annual_demand is not null
    union all
    select 'opportunities' as table_name, currency_code, created_on as needed_on, amount
    from {{ ref('stg_crm__opportunities') }}
    where amount is not null
)

select
    amounts.table_name,
    amounts.currency_code,
    min(amounts.needed_on) as first_day,
    max(amounts.needed_on) as last_day,
    count(distinct amounts.needed_on) as days,
    count(*) as amounts_without_rate,
    sum(amounts.amount) as amount
from amounts
inner join rates
    on
        amounts.currency_code = rates.currency_code
        and amounts.needed_on = rates.needed_on
group by amounts.table_name, amounts.currency_code
