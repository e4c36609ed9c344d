-- One row per as-of date and customer parent with items due: how late it pays, weighted by amount (METHOD 1.12).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer'
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

rates as (
    select * from {{ ref('int_contribution__exchange_rates') }}
),

knowledge as (
    select distinct known_at from dates
),

-- An item is converted at the day it falls due, whatever the as-of date.
known_items as (
    select
        knowledge.known_at,
        open_items.customer_id,
        {{ to_reporting('open_items.amount', 'open_items.currency_code') }} as amount,
        open_items.due_date,
        open_items.cleared_date,
        coalesce(open_items.is_disputed, false) as is_disputed
    from knowledge
    inner join {{ ref('stg_erp__open_items') }} as open_items on {{ is_known('open_items', 'knowledge') }}
    cross join parameters
    left join rates
        on
            open_items.currency_code = rates.currency_code
            and open_items.due_date = rates.needed_on
),

items as (
    select
        dates.as_of_date,
        parents.ultimate_parent_id,
        known_items.amount,
        known_items.is_disputed,
        known_items.cleared_date is null or known_items.cleared_date > dates.as_of_date as is_open,
        {{ days_between(
            'known_items.due_date',
            'case when known_items.cleared_date <= dates.as_of_date then known_items.cleared_date else dates.as_of_date end'
        ) }} as days_late
    from dates
    inner join known_items
        on
            dates.known_at = known_items.known_at
            and known_items.due_date <= dates.as_of_date
            -- Morale is how they pay now: what was due and paid before the 12 months says nothing of it.
            and (
                known_items.due_date >= dates.window_start
                or known_items.cleared_date is null
                or known_items.cleared_date >= dates.window_start
            )
    inner join customers
        on
            dates.as_of_date = customers.as_of_date
            and known_items.customer_id = customers.customer_id
    inner join parents
        on
            customers.as_of_date = parents.as_of_date
            and customers.ultimate_parent_id = parents.ultimate_parent_id
),

summed as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole('count_if(not is_disputed and amount > 0)') }} as items_due,
        sum(case when not is_disputed and amount > 0 then amount else 0 end) as amount_due,
        sum(case when not is_disputed and amount > 0 then amount * greatest(days_late, 0) else 0 end) as weighted_days_late,
        sum(case when not is_disputed and amount > 0 then amount * days_late else 0 end) as weighted_deviation,
        {{ money('sum(case when is_open and not is_disputed and amount > 0 and days_late > 0 then amount else 0 end)') }} as overdue_amount,
        max(case when is_open and not is_disputed and amount > 0 and days_late > 0 then days_late end) as overdue_days_max
    from items
    group by as_of_date, ultimate_parent_id
),

measured as (
    select
        summed.as_of_date,
        summed.ultimate_parent_id,
        summed.items_due,
        {{ money('summed.amount_due') }} as amount_due,
        {{ ratio(exact_div('summed.weighted_days_late', 'summed.amount_due')) }} as weighted_days_beyond_terms,
        {{ ratio(exact_div('summed.weighted_deviation', 'summed.amount_due')) }} as payment_deviation_days,
        summed.items_due < parameters.low_payment_items_below as is_payment_low_n,
        summed.overdue_amount,
        summed.overdue_days_max
    from summed
    cross join parameters
)

select * from measured
