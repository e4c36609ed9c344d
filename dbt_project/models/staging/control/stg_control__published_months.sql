-- One row per month and ultimate parent of the version before, with the amounts it published.
with

published_months as (
    select * from {{ source('control', 'published_months') }}
),

renamed as (
    select
        as_of_date,
        month_start,
        ultimate_parent_id,
        relationship_type,
        net_revenue,
        contribution_1,
        contribution_4,
        method_version
    from published_months
)

select * from renamed
