-- One row per as-of date and source whose newest delivery is older than agreed when everything else is known.
{{ config(meta={'decides': 'load_batches.delivered_at stale', 'limits': ['sources.yml: max_age_days']}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

sources as (
    select * from {{ ref('stg_control__source_coverage') }}
),

batches as (
    select * from {{ ref('stg_control__load_batches') }}
),

-- A source that was never delivered has no age; mart_data_coverage says that it is missing.
deliveries as (
    select
        dates.as_of_date,
        batches.table_name,
        {{ company_day('dates.known_at') }} as known_on,
        {{ company_day('max(batches.delivered_at)') }} as delivered_on
    from dates
    inner join batches on batches.delivered_at <= dates.known_at
    group by dates.as_of_date, dates.known_at, batches.table_name
),

found as (
    select
        deliveries.as_of_date,
        sources.table_name
    from deliveries
    inner join sources
        on
            deliveries.table_name = sources.table_name
            and {{ days_between('deliveries.delivered_on', 'deliveries.known_on') }} > sources.max_age_days
),

final as (
    select
        as_of_date,
        {{ finding('source_older_than_agreed', 'load_batches', 'table_name', month_start('as_of_date')) }}
    from found
)

select * from final
