select
    everybody.place,
    mart_worklist.task,
    mart_worklist.due_on,
from everybody
inner join mart_worklist using (ultimate_parent_id)
where mart_worklist.as_of_date = (select as_of_date from page_date)
order by everybody.place, mart_worklist.priority
