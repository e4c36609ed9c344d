select *
from waivers
order by waived_until nulls last, subject, code, waived_by
