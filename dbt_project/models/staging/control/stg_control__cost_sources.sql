-- One row per cost of the contribution, with whether its column or table is mapped; NULL where only the rows tell.
with

cost_sources as (
    select * from {{ source('control', 'cost_sources') }}
),

renamed as (
    select
        cost,
        is_mapped
    from cost_sources
)

select * from renamed
