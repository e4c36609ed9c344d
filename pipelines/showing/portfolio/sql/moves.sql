select
    detailed.detail_number,
    moved.* exclude (ultimate_parent_id, position),
from moved
inner join detailed using (ultimate_parent_id)
where position <= (select moves from limits)
order by position
