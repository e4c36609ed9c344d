-- One row per latest as-of date and table of which the landing put rows into quarantine; which rows and why is listed beside the marts.
{{ config(meta={'decides': 'source_coverage.rows_quarantined rows'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

sources as (
    select * from {{ ref('stg_control__source_coverage') }}
),

final as (
    select
        dates.as_of_date,
        {{ finding(
            'quarantined_rows', 'source_coverage', 'sources.table_name', month_start('dates.as_of_date'),
            row_count='sources.rows_quarantined'
        ) }}
    from sources
    cross join dates
    where sources.rows_quarantined > 0
)

select * from final
