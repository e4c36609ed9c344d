-- One row per as-of date: which costs of the contribution are known, and how deep it can be told.
-- stub
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

final as (
    select
        as_of_date,
        'delivered' as cogs_status,
        'delivered' as marketing_status,
        'delivered' as sales_status,
        'delivered' as service_logistics_status,
        4 as contribution_depth
    from dates
)

select * from final
