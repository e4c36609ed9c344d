-- Rows set aside and values left empty, per source, month, reason and column, with where the first and the last of them stand.
with

listed as (
    select
        table_name as source_name,
        month_start,
        false as is_row_kept,
        quarantine_reason as reason,
        rejected_column as column_name,
        file_name,
        line_number,
        amount,
        currency_code,
    from quarantined_rows
    union all
    select
        table_name as source_name,
        null as month_start,
        true as is_row_kept,
        reason,
        column_name,
        file_name,
        line_number,
        amount,
        null as currency_code,
    from unreadable_values
)

select
    listed.source_name,
    listed.month_start,
    listed.is_row_kept,
    listed.reason,
    listed.column_name,
    count(*) as affected_rows,
    cast(sum(listed.amount) as decimal(38, 2)) as delivered_amount,
    listed.currency_code,
    listed.file_name,
    min(listed.line_number) as first_line,
    max(listed.line_number) as last_line,
from listed
left join manifest_sources on listed.source_name = manifest_sources.source_name
group by all
order by
    listed.is_row_kept,
    any_value(manifest_sources.place),
    listed.source_name,
    listed.month_start desc nulls last,
    listed.reason,
    listed.column_name,
    listed.currency_code,
    listed.file_name
