-- A returned row is an open amount whose parts are not the whole, or a customer whose legal entities together are not what its finances say.
{{ config(meta={
    'decides': 'mart_receivables.open_amount contradiction',
    'what': 'what a customer owes is the sum of its parts and of our legal entities',
    'remedy': 'report this as a defect, with the log of the run',
}) }}
with

receivables as (
    select * from {{ ref('mart_receivables') }}
),

customers as (
    select
        as_of_date,
        ultimate_parent_id,
        sum(open_amount) as open_amount,
        sum(overdue_amount) as overdue_amount
    from receivables
    group by as_of_date, ultimate_parent_id
),

parts as (
    select
        as_of_date,
        ultimate_parent_id,
        open_amount,
        not_due_amount + overdue_amount + disputed_amount + open_credit_amount as parts_amount
    from receivables
    union all
    select
        as_of_date,
        ultimate_parent_id,
        overdue_amount as open_amount,
        overdue_30_amount + overdue_60_amount + overdue_90_amount + overdue_later_amount as parts_amount
    from receivables
    union all
    select
        finance.as_of_date,
        finance.ultimate_parent_id,
        coalesce(finance.open_amount, 0) as open_amount,
        coalesce(customers.open_amount, 0) as parts_amount
    from {{ ref('mart_customer_finance') }} as finance
    left join customers
        on
            finance.as_of_date = customers.as_of_date
            and finance.ultimate_parent_id = customers.ultimate_parent_id
    union all
    select
        finance.as_of_date,
        finance.ultimate_parent_id,
        finance.overdue_amount as open_amount,
        coalesce(customers.overdue_amount, 0) as parts_amount
    from {{ ref('mart_customer_finance') }} as finance
    left join customers
        on
            finance.as_of_date = customers.as_of_date
            and finance.ultimate_parent_id = customers.ultimate_parent_id
    where finance.overdue_amount is not null
)

select *
from parts
where open_amount <> parts_amount
