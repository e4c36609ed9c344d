select
    detailed.detail_number,
    over_served.* exclude (ultimate_parent_id, position),
from over_served
inner join detailed using (ultimate_parent_id)
where position <= (select table_rows from limits)
order by position
