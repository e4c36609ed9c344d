with

listed as (
    select
        case when override_expires_on <= (select page.next_as_of_date from page) then 'expiring' else 'active' end as state,
        ultimate_parent_id,
        customer_name,
        zone,
        override_zone,
        override_reason,
        override_expires_on as expires_on,
        null as quarantine_reason,
        null as file_name,
        null as line_number,
    from mart_portfolio
    where as_of_date = (select page.as_of_date from page) and override_zone is not null
    union all
    select
        'rejected' as state,
        null as ultimate_parent_id,
        null as customer_name,
        null as zone,
        null as override_zone,
        null as override_reason,
        null as expires_on,
        quarantine_reason,
        file_name,
        line_number,
    from quarantined_rows
    where table_name = 'zone_overrides'
)

select *
from listed
order by state = 'rejected', expires_on nulls last, ultimate_parent_id, file_name, line_number
