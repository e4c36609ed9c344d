-- One row per time zone of the company, and it has one: in it a moment is a day.
with

company as (
    select * from {{ source('control', 'company') }}
),

renamed as (
    select time_zone from company
)

select * from renamed
