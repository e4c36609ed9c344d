select
    ultimate_parent_id,
    customer_name,
    owner_area,
    zone,
    happened,
    happened_days,
    money,
    due_on,
from mart_worklist
where as_of_date = (select page.as_of_date from page) and task = 'rate'
order by money desc, ultimate_parent_id
