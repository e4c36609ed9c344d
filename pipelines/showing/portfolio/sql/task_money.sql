-- Each customer once per kind, with its largest amount: several of its tasks may mean the same money.
select
    money_kind,
    sum(tasks)::bigint as tasks,
    count(*) as customers,
    sum(money)::decimal(38, 2) as money,
from (
    select money_kind, ultimate_parent_id, count(*) as tasks, max(money) as money
    from mart_worklist
    where as_of_date = (select as_of_date from page_date)
    group by money_kind, ultimate_parent_id
)
left join codes on codes.code_group = 'money_kind' and codes.code = money_kind
group by money_kind
order by any_value(codes.place)
