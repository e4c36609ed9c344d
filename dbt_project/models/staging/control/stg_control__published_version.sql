-- One row per version that was current when the run began: one, or none before the first publication.
with

published_version as (
    select * from {{ source('control', 'published_version') }}
),

renamed as (
    select
        version,
        latest_as_of_date
    from published_version
)

select * from renamed
