select place, detail_number, potential, attractiveness
from overlapping
where position <= (select overlapping from limits)
order by position
