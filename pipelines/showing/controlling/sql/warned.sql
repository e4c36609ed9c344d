-- Rules that differ by nothing but their columns are one kind.
select
    case
        when check_id like '%\_not\_future' escape '\' then 'not_future'
        when check_id like 'batch.%\_after\_%' escape '\' then 'ends_before_start'
        else string_split(check_id, '.')[-1]
    end as kind,
    area,
    subject,
    finding,
    remedy,
    observed_value,
    limit_value,
    affected_rows,
    affected_amount,
from check_results
where
    not is_passed
    and severity <> 'info'
    and waived_by is null
    and area not in ('landing', 'quarantine')
    and coalesce(code, '') not in ('WAIVER_EXPIRED', 'WAIVER_UNUSED')
order by affected_amount desc nulls last, area, subject, finding
