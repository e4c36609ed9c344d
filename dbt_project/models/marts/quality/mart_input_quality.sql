-- One row per as-of date, check of the sales input, owning area and month in which there was something to check: how much of it is
-- doubtful, since when, and whether it gets better. An area is a team, never a person.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

checks as (
    select * from {{ ref('input_checks') }}
),

population as (
    select * from {{ ref('int_input_checks__population') }}
),

found as (
    select * from {{ ref('int_input_checks__rows') }}
),

zones as (
    select * from {{ ref('int_zones__raw') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

checked as (
    select
        population.as_of_date,
        checks.check_id,
        population.area,
        population.month_start,
        population.checked_rows
    from population
    inner join checks on population.population = checks.population
),

summed as (
    select
        as_of_date,
        check_id,
        area,
        month_start,
        sum(row_count) as affected_rows,
        sum(amount) as affected_amount
    from found
    group by as_of_date, check_id, area, month_start
),

-- A customer with many offending rows is one customer.
customers as (
    select distinct
        as_of_date,
        check_id,
        area,
        month_start,
        ultimate_parent_id
    from found
    where is_scored
),

customer_counts as (
    select
        customers.as_of_date,
        customers.check_id,
        customers.area,
        customers.month_start,
        count(*) as affected_score_objects,
        sum(case when zones.zone_status = 'confirmed' then 1 else 0 end) as affected_confirmed_zones
    from customers
    left join zones
        on
            customers.as_of_date = zones.as_of_date
            and customers.ultimate_parent_id = zones.ultimate_parent_id
    group by customers.as_of_date, customers.check_id, customers.area, customers.month_start
),

merged as (
    select
        coalesce(checked.as_of_date, summed.as_of_date) as as_of_date,
        coalesce(checked.check_id, summed.check_id) as check_id,
        coalesce(checked.area, summed.area) as area,
        coalesce(checked.month_start, summed.month_start) as month_start,
        coalesce(checked.checked_rows, 0) as checked_rows,
        coalesce(summed.affected_rows, 0) as affected_rows,
        case when summed.affected_rows is null then 0 else summed.affected_amount end as affected_amount
    from checked
    full outer join summed
        on
            checked.as_of_date = summed.as_of_date
            and checked.check_id = summed.check_id
            and checked.area = summed.area
            and checked.month_start = summed.month_start
),

-- The first month found among those this as-of date looks at, or compares with.
seen as (
    select
        merged.*,
        -- Only what is checked by the state at the date.
        case
            when
                merged.month_start = {{ month_start('merged.as_of_date') }}
                and checks.population in (
                    'rating_in_use', 'late_rating', 'rated_criterion', 'estimated_product_group', 'protection_customer', 'customer_id',
                    'scorecard_axis', 'agreed_source'
                )
                then dates.compared_with
        end as compared_with,
        min(case when merged.affected_rows > 0 then merged.month_start end) over (
            partition by merged.as_of_date, merged.check_id, merged.area
        ) as first_seen
    from merged
    inner join dates on merged.as_of_date = dates.as_of_date
    inner join checks on merged.check_id = checks.check_id
),

-- The month before: at the same as-of date, for what is checked by the state at the date at the one a month earlier.
compared as (
    select
        seen.*,
        least(seen.first_seen, case when earlier_date.affected_rows > 0 then earlier_date.month_start end) as first_seen_by_then,
        coalesce(same_date.affected_rows, earlier_date.affected_rows) as affected_rows_previous_month
    from seen
    left join merged as same_date
        on
            seen.as_of_date = same_date.as_of_date
            and seen.check_id = same_date.check_id
            and seen.area = same_date.area
            and same_date.month_start = {{ add_months('seen.month_start', -1) }}
    left join merged as earlier_date
        on
            seen.compared_with = earlier_date.as_of_date
            and seen.check_id = earlier_date.check_id
            and seen.area = earlier_date.area
            and earlier_date.month_start = {{ add_months('seen.month_start', -1) }}
),

final as (
    select
        compared.as_of_date,
        compared.check_id,
        compared.area,
        compared.month_start,
        checks.severity,
        checks.table_name,
        checks.text_en as check_text_en,
        checks.text_de as check_text_de,
        {{ whole('compared.affected_rows') }} as affected_rows,
        {{ whole('compared.checked_rows') }} as checked_rows,
        {{ ratio(exact_div('compared.affected_rows', 'compared.checked_rows')) }} as affected_share_ratio,
        {{ money('compared.affected_amount') }} as affected_amount,
        {{ whole('coalesce(customer_counts.affected_score_objects, 0)') }} as affected_score_objects,
        {{ whole('coalesce(customer_counts.affected_confirmed_zones, 0)') }} as affected_confirmed_zones,
        compared.first_seen_by_then as first_seen,
        {{ whole('compared.affected_rows_previous_month') }} as affected_rows_previous_month,
        case
            when compared.affected_rows > compared.affected_rows_previous_month then 'worse'
            when compared.affected_rows < compared.affected_rows_previous_month then 'better'
            when compared.affected_rows = compared.affected_rows_previous_month then 'same'
        end as trend,
        {{ is_latest('compared') }} as is_latest,
        parameters.method_version
    from compared
    inner join checks on compared.check_id = checks.check_id
    cross join parameters
    left join customer_counts
        on
            compared.as_of_date = customer_counts.as_of_date
            and compared.check_id = customer_counts.check_id
            and compared.area = customer_counts.area
            and compared.month_start = customer_counts.month_start
)

select * from final
