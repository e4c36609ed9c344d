-- One row per source: what its deliveries are worth, its light, and why. Red: what should be there is not, is older than agreed, or
-- counts only because somebody took responsibility; yellow: part of it does not count, or a check warns.
create temp table sources as
with

set_aside as (
    select
        table_name as source_name,
        case when count(distinct currency_code) <= 1 then sum(amount) filter (quarantine_reason <> 'DUP_EXACT') end as amount,
        case when count(distinct currency_code) = 1 then max(currency_code) end as currency_code,
    from quarantined_rows
    group by table_name
),

left_empty as (
    select
        table_name as source_name,
        count(*) as value_count,
    from unreadable_values
    group by table_name
),

found as (
    select
        subject as source_name,
        bool_or(waived_by is not null) as is_waived,
        bool_or(severity <> 'info' and waived_by is null and area not in ('landing', 'quarantine')) as is_warned,
    from check_results
    where not is_passed
    group by subject
),

judged as (
    select
        delivered.*,
        coalesce(left_empty.value_count, 0) as values_left_empty,
        set_aside.amount as delivered_amount_set_aside,
        set_aside.currency_code,
        date_diff('day', cast(delivered.delivered_at as date), cast(page.known_at as date)) as age_days,
        delivered.is_mapped and not delivered.is_delivered as is_missing,
        coalesce(age_days > delivered.agreed_age_days, false) as is_too_old,
        coalesce(found.is_waived, false) as is_waived,
        coalesce(found.is_warned, false) as is_warned,
    from manifest_sources as delivered
    cross join page
    left join set_aside on delivered.source_name = set_aside.source_name
    left join left_empty on delivered.source_name = left_empty.source_name
    left join found on delivered.source_name = found.source_name
)

select
    source_name,
    domain,
    case
        when not is_mapped then 'grey'
        when is_missing or is_too_old or is_waived then 'red'
        when rows_set_aside > 0 or rows_lost > 0 or values_left_empty > 0 or is_warned then 'yellow'
        else 'green'
    end as light,
    concat_ws(
        ', ',
        case when not is_mapped then 'not_mapped' end,
        case when is_missing then 'missing' end,
        case when is_too_old then 'too_old' end,
        case when is_waived then 'waived' end,
        case when rows_set_aside > 0 then 'set_aside' end,
        case when rows_lost > 0 then 'lost' end,
        case when values_left_empty > 0 then 'left_empty' end,
        case when is_warned then 'warned' end,
        case when light = 'green' then 'fine' end
    ) as reasons,
    delivered_at,
    data_to,
    rows_used,
    rows_set_aside,
    rows_filtered,
    rows_lost,
    values_left_empty,
    delivered_amount_set_aside,
    currency_code,
    age_days,
    agreed_age_days,
    note,
    place,
from judged;
