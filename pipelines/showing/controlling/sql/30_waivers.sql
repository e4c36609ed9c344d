-- Waivers that act on a failed check (until the next as-of date: expiring), and those that no longer do.
create temp table waivers as
select
    case
        when code = 'WAIVER_EXPIRED' then 'expired'
        when code = 'WAIVER_UNUSED' then 'unused'
        when waived_until <= (select page.next_as_of_date from page) then 'expiring'
        else 'active'
    end as state,
    coalesce(code, upper(string_split(check_id, '.')[-1])) as code,
    subject,
    affected_rows,
    affected_amount,
    waived_by,
    waived_why,
    waived_until,
from check_results
where not is_passed and (waived_by is not null or code in ('WAIVER_EXPIRED', 'WAIVER_UNUSED'));
