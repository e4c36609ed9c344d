-- Whom a customer's buying centre holds, by role: persons are counted, never named.
select
    detailed.detail_number,
    roles.buying_role,
    roles.contact_count,
    roles.max_access_level,
from detailed
inner join mart_buying_centre as roles on detailed.ultimate_parent_id = roles.ultimate_parent_id
inner join page_date on roles.as_of_date = page_date.as_of_date
left join codes on codes.code_group = 'buying_role' and roles.buying_role = codes.code
order by detailed.detail_number, codes.place, roles.buying_role
