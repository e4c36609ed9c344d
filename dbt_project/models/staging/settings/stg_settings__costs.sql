-- One row per cost of the contribution, with whether the company says that it has none.
with

settings as (
    select * from {{ source('settings', 'costs') }}
),

renamed as (
    select
        cost,
        is_none
    from settings
)

select * from renamed
