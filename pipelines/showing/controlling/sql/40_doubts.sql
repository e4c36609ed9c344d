-- What the checks of the sales input found, per check and area, over all months the as-of date looks at. A customer with many rows is
-- one customer.
create temp table doubtful_customers as
select distinct
    doubtful.check_id,
    doubtful.area,
    doubtful.ultimate_parent_id,
    coalesce(mart_portfolio.zone_status = 'confirmed', false) as is_confirmed,
from mart_input_quality_rows as doubtful
inner join mart_portfolio
    on
        doubtful.as_of_date = mart_portfolio.as_of_date
        and doubtful.ultimate_parent_id = mart_portfolio.ultimate_parent_id
where doubtful.as_of_date = (select page.as_of_date from page);

create temp table doubts as
with

summed as (
    select
        check_id,
        area,
        severity,
        table_name,
        check_text_en,
        check_text_de,
        sum(affected_rows) as affected_rows,
        sum(checked_rows) as checked_rows,
        sum(affected_amount) filter (affected_rows > 0) as affected_amount,
        min(first_seen) as first_seen,
        arg_max(trend, month_start) filter (month_start <= page.as_of_date and trend is not null) as trend,
        any_value(page.known_at) as known_at,
        any_value(page.next_as_of_date) as next_as_of_date,
    from mart_input_quality
    inner join page on mart_input_quality.as_of_date = page.as_of_date
    group by check_id, area, severity, table_name, check_text_en, check_text_de
    having sum(affected_rows) > 0
),

customers as (
    select
        check_id,
        area,
        count(*) as customers,
        count(*) filter (is_confirmed) as confirmed_zones,
    from doubtful_customers
    group by check_id, area
),

-- The areas of a check may share a customer.
customers_of_check as (
    select
        check_id,
        count(distinct ultimate_parent_id) as customers,
        count(distinct ultimate_parent_id) filter (is_confirmed) as confirmed_zones,
    from doubtful_customers
    group by check_id
)

select
    summed.check_id,
    summed.severity,
    summed.table_name,
    summed.check_text_en,
    summed.check_text_de,
    summed.area,
    cast(summed.affected_rows as bigint) as affected_rows,
    cast(summed.checked_rows as bigint) as checked_rows,
    coalesce(customers.customers, 0) as customers,
    coalesce(customers.confirmed_zones, 0) as confirmed_zones,
    cast(summed.affected_amount as decimal(38, 2)) as affected_amount,
    summed.first_seen,
    summed.trend,
    -- What blocks is due at once; what warns, before the zones are judged again.
    case when summed.severity = 'block' then cast(summed.known_at as date) else summed.next_as_of_date end as due_on,
    coalesce(customers_of_check.customers, 0) as check_customers,
    coalesce(customers_of_check.confirmed_zones, 0) as check_confirmed_zones,
from summed
left join customers_of_check on summed.check_id = customers_of_check.check_id
left join customers on summed.check_id = customers.check_id and summed.area = customers.area;
