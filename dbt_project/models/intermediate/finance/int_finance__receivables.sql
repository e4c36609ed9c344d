-- One row per as-of date, own legal entity and customer parent with something open: what it owes, by how late it is. An item is
-- converted at the day it falls due, what is not due yet at the as-of date.
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

items as (
    select
        dates.as_of_date,
        open_items.company_id,
        customers.ultimate_parent_id,
        {{ to_reporting('open_items.amount', 'open_items.currency_code') }} as amount,
        coalesce(open_items.is_disputed, false) as is_disputed,
        {{ days_between('open_items.due_date', 'dates.as_of_date') }} as days_late
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
),

-- What is late counts once: a credit note is none, and about a disputed item nobody is reminded.
judged as (
    select
        as_of_date,
        company_id,
        ultimate_parent_id,
        amount,
        is_disputed,
        case when amount > 0 and not is_disputed and days_late > 0 then days_late end as days_overdue
    from items
),

summed as (
    select
        as_of_date,
        company_id,
        ultimate_parent_id,
        {{ whole('count(*)') }} as open_items,
        {{ money('sum(amount)') }} as open_amount,
        {{ money('sum(case when amount < 0 then amount else 0 end)') }} as open_credit_amount,
        {{ money('sum(case when amount > 0 and is_disputed then amount else 0 end)') }} as disputed_amount,
        {{ money('sum(case when amount > 0 and not is_disputed and days_overdue is null then amount else 0 end)') }} as not_due_amount,
        {{ money('sum(case when days_overdue is not null then amount else 0 end)') }} as overdue_amount,
        {{ money('sum(case when days_overdue between 1 and 30 then amount else 0 end)') }} as overdue_30_amount,
        {{ money('sum(case when days_overdue between 31 and 60 then amount else 0 end)') }} as overdue_60_amount,
        {{ money('sum(case when days_overdue between 61 and 90 then amount else 0 end)') }} as overdue_90_amount,
        {{ money('sum(case when days_overdue > 90 then amount else 0 end)') }} as overdue_later_amount,
        max(days_overdue) as overdue_days_max
    from judged
    group by as_of_date, company_id, ultimate_parent_id
)

select * from summed
