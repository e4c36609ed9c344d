select listed.list_name, detailed.detail_number
from listed
inner join detailed using (ultimate_parent_id)
order by listed.list_name, listed.position
