-- Of each area and task the first ones, as many as the page may hold, in the order of the list.
select
    as_of_date,
    ultimate_parent_id,
    customer_name,
    task,
    priority,
    owner_area,
    due_on,
    money,
    money_kind,
    happened,
    happened_on,
    happened_days,
    happened_limit_days,
    happened_visits,
    happened_planned_visits,
    happened_ratio,
    happened_amount,
    happened_criterion_id,
    next_step,
    reporting_currency,
from (
    select *, row_number() over (order by place, priority) as number
    from (
        select *, row_number() over (partition by owner_area, task order by priority) as place
        from mart_worklist
        where as_of_date = (select as_of_date from page_date)
    )
)
where number <= (select tasks from limits)
order by priority
