-- One row: what every day and month of the company depends on.
select time_zone from {{ source('control', 'company') }}
