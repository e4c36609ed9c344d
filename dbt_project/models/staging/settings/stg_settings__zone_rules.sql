-- One row per zone with its service plan, from config/portfolio.yml.
with

settings as (
    select * from {{ source('settings', 'zone_rules') }}
),

renamed as (
    select
        zone,
        planned_visits_per_year,
        hours_per_visit,
        max_contact_gap_days,
        allocation_elasticity
    from settings
)

select * from renamed
