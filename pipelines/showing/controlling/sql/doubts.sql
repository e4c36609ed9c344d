select *
from doubts
order by severity <> 'block', check_confirmed_zones desc, check_id, confirmed_zones desc, affected_amount desc nulls last, area
