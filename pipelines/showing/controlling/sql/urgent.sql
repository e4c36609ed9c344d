-- The first three of what is to be done: what makes sums wrong stands before what makes zones doubtful, and that before what is not
-- known yet. Of each kind the largest.
with

red as (
    select
        'source' as kind,
        1 as place,
        arg_min(source_name, place) as source_name,
        null as check_id,
        count(*) as affected_rows,
        0 as customers,
        0 as confirmed_zones,
        null as amount,
        null as day,
    from sources
    where light = 'red'
),

differing as (
    select
        'ledger' as kind,
        2 as place,
        null as source_name,
        null as check_id,
        count(*) as affected_rows,
        0 as customers,
        0 as confirmed_zones,
        sum(abs(difference)) as amount,
        null as day,
    from mart_reconciliation
    where as_of_date = (select page.as_of_date from page) and status in ('difference', 'blocking_error')
),

expiring as (
    select
        'waiver' as kind,
        3 as place,
        arg_min(subject, waived_until) as source_name,
        null as check_id,
        count(*) as affected_rows,
        0 as customers,
        0 as confirmed_zones,
        null as amount,
        min(waived_until) as day,
    from waivers
    where state = 'expiring'
),

missing_revenue as (
    select
        'set_aside' as kind,
        4 as place,
        'invoice_lines' as source_name,
        null as check_id,
        (select count(*) from quarantined_rows where table_name = 'invoice_lines' and quarantine_reason <> 'DUP_EXACT') as affected_rows,
        0 as customers,
        0 as confirmed_zones,
        sum(set_aside) as amount,
        null as day,
    from months
    having sum(abs(set_aside)) > 0
),

unproven as (
    select
        'no_ledger' as kind,
        5 as place,
        null as source_name,
        null as check_id,
        count(*) as affected_rows,
        0 as customers,
        0 as confirmed_zones,
        null as amount,
        null as day,
    from mart_reconciliation
    where as_of_date = (select page.as_of_date from page)
    having count(*) > 0 and count(ledger) = 0
),

by_check as (
    select
        check_id,
        check_customers,
        check_confirmed_zones,
        sum(affected_rows) as affected_rows,
        sum(affected_amount) as amount,
        min(due_on) as day,
    from doubts
    group by check_id, check_customers, check_confirmed_zones
),

doubtful as (
    select
        'check' as kind,
        6 as place,
        null as source_name,
        check_id,
        affected_rows,
        check_customers as customers,
        check_confirmed_zones as confirmed_zones,
        amount,
        day,
    from by_check
    where check_confirmed_zones > 0
    order by check_confirmed_zones desc, amount desc nulls last, check_id
    limit 1
),

unrated as (
    select
        'rating' as kind,
        7 as place,
        null as source_name,
        null as check_id,
        count(*) as affected_rows,
        count(distinct ultimate_parent_id) as customers,
        0 as confirmed_zones,
        sum(money) as amount,
        min(due_on) as day,
    from mart_worklist
    where as_of_date = (select page.as_of_date from page) and task = 'rate'
),

of_nobody as (
    select
        'nobody' as kind,
        8 as place,
        null as source_name,
        null as check_id,
        count(*) as affected_rows,
        0 as customers,
        0 as confirmed_zones,
        sum(of_nobody) as amount,
        null as day,
    from months
    where of_nobody <> 0
),

everything as (
    select * from red
    union all
    select * from differing
    union all
    select * from expiring
    union all
    select * from missing_revenue
    union all
    select * from unproven
    union all
    select * from doubtful
    union all
    select * from unrated
    union all
    select * from of_nobody
)

select
    kind,
    place,
    source_name,
    check_id,
    cast(affected_rows as bigint) as affected_rows,
    customers,
    confirmed_zones,
    cast(amount as decimal(38, 2)) as amount,
    day,
from everything
where affected_rows > 0
order by place
limit 3
