-- A returned row is a check that objects to more rows of an area and month than it looked at: its population in the seed is not its own.
{{ config(meta={
    'decides': 'mart_input_quality.affected_rows sum',
    'what': 'no check finds more rows than it looked at',
    'remedy': 'correct the population of the check in dbt_project/seeds/input_checks.csv, or the check',
}) }}
select
    as_of_date,
    check_id,
    area,
    month_start,
    affected_rows,
    checked_rows
from {{ ref('mart_input_quality') }}
where affected_rows > checked_rows
