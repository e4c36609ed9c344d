select *
from months
order by month_start desc nulls first
