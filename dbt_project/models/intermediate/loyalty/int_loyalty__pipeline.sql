-- One row per as-of date and parent with opportunities open then: their number and amount.
with

dates as (
    {{ dates_asked(['int_loyalty__pipeline']) }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

open_opportunities as (
    select
        dates.as_of_date,
        accounts.ultimate_parent_id,
        {{ money('sum(' ~ to_reporting('opportunities.amount', 'opportunities.currency_code') ~ ')') }} as open_pipeline,
        {{ whole('count(*)') }} as open_opportunities
    from dates
    inner join {{ ref('stg_crm__opportunities') }} as opportunities
        on
            {{ is_known('opportunities', 'dates') }}
            and opportunities.created_on <= dates.as_of_date
            and (opportunities.closed_on is null or opportunities.closed_on > dates.as_of_date)
    inner join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and opportunities.account_id = accounts.account_id
    cross join parameters
    left join rates
        on
            opportunities.currency_code = rates.currency_code
            and opportunities.created_on = rates.needed_on
    where accounts.ultimate_parent_id is not null
    group by dates.as_of_date, accounts.ultimate_parent_id
)

select * from open_opportunities
