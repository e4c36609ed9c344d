select * exclude place
from sources
order by place, source_name
