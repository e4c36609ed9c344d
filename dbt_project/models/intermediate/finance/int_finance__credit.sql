-- One row per as-of date and customer parent: credit limits and what is open against them. A limit is stated in its entity's
-- currency; only limits in the reporting currency are added, the others leave the sum unknown rather than wrong.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

customers as (
    {{ of_shown_dates(ref('int_customers__as_of')) }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

limits as (
    select
        customers.as_of_date,
        customers.ultimate_parent_id,
        sum(customers.credit_limit) as credit_limit,
        count_if(customers.credit_limit is not null and customers.currency_code <> parameters.reporting_currency) as foreign_limits
    from customers
    cross join parameters
    where customers.customer_id = customers.survivor_customer_id
    group by customers.as_of_date, customers.ultimate_parent_id
),

open_amounts as (
    select
        dates.as_of_date,
        customers.ultimate_parent_id,
        sum({{ to_reporting('open_items.amount', 'open_items.currency_code') }}) as open_amount
    from dates
    inner join {{ ref('stg_erp__open_items') }} as open_items
        on
            {{ is_known('open_items', 'dates') }}
            and (open_items.cleared_date is null or open_items.cleared_date > dates.as_of_date)
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and open_items.customer_id = customers.customer_id
            -- No document date is delivered: the terms before the due date stand for it, so that later invoices stay out.
            and {{ days_between('dates.as_of_date', 'open_items.due_date') }} <= coalesce(customers.payment_terms_days, 0)
    cross join parameters
    left join rates
        on
            open_items.currency_code = rates.currency_code
            and least(open_items.due_date, dates.as_of_date) = rates.needed_on
    group by dates.as_of_date, customers.ultimate_parent_id
),

measured as (
    select
        limits.as_of_date,
        limits.ultimate_parent_id,
        case when limits.foreign_limits = 0 then {{ money('limits.credit_limit') }} end as credit_limit,
        {{ money('open_amounts.open_amount') }} as open_amount,
        case
            when limits.foreign_limits = 0 and limits.credit_limit > 0
                then {{ ratio(exact_div('open_amounts.open_amount', 'limits.credit_limit')) }}
        end as credit_limit_utilisation_ratio
    from limits
    left join open_amounts
        on
            limits.as_of_date = open_amounts.as_of_date
            and limits.ultimate_parent_id = open_amounts.ultimate_parent_id
)

select * from measured
