select count(*) as parents, count(distinct place) as places
from overlapping
