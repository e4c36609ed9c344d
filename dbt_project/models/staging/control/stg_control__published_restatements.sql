-- One row per restated version, month and ultimate parent that the version before knew of.
with

published_restatements as (
    select * from {{ source('control', 'published_restatements') }}
),

renamed as (
    select
        restated_version,
        as_of_date,
        month_start,
        ultimate_parent_id,
        relationship_type,
        old_net_revenue,
        new_net_revenue,
        delta_net_revenue,
        old_contribution_1,
        new_contribution_1,
        delta_contribution_1,
        old_contribution_4,
        new_contribution_4,
        delta_contribution_4,
        is_method_changed,
        method_version
    from published_restatements
)

select * from renamed
