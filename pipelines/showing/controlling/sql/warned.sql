select
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
