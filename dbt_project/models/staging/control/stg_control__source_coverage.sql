-- One row per table the product can read, with what was delivered of it.
with

source_coverage as (
    select * from {{ source('control', 'source_coverage') }}
),

renamed as (
    select
        table_name,
        domain,
        is_mapped,
        is_delivered,
        rows_accepted,
        rows_quarantined,
        rows_filtered,
        rows_skipped,
        data_from,
        data_to,
        note,
        max_age_days,
        rows_lost_in_mapping,
        amount_filtered,
        amount_lost_in_mapping,
        waiver_note
    from source_coverage
)

select * from renamed
