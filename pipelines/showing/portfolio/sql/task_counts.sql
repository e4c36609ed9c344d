select
    owner_area,
    task,
    count(*) as tasks,
from mart_worklist
where as_of_date = (select as_of_date from page_date)
group by owner_area, task
order by owner_area nulls last, task
