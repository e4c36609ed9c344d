-- One row per as-of date, check and offending row of the sales input: where it stands in the delivery, for whoever has to correct it.
-- About entries and customers, never about the person who made the entry.
with

found as (
    select * from {{ ref('int_input_checks__rows') }}
),

dates as (
    select as_of_date from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

checks as (
    select * from {{ ref('input_checks') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        found.as_of_date,
        found.check_id,
        checks.severity,
        found.table_name,
        found.row_id,
        found.ultimate_parent_id,
        found.area,
        found.month_start,
        found.row_count as affected_rows,
        found.amount as affected_amount,
        found.file_name,
        found.line_number,
        {{ is_latest('found') }} as is_latest,
        parameters.method_version
    from found
    inner join dates on found.as_of_date = dates.as_of_date
    inner join checks on found.check_id = checks.check_id
    cross join parameters
)

select * from final
