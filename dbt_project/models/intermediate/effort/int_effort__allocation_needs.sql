-- One row per as-of date and scored parent: the field hours next year's plan needs for it, and the weight with which it competes for
-- the rest (METHOD 1.13). The service zone alone decides.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

zone_rules as (
    select * from {{ ref('stg_settings__zone_rules') }}
),

needs as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        zones.service_zone,
        cast(coalesce(zone_rules.planned_visits_per_year * zone_rules.hours_per_visit, 0) as decimal(18, 4)) as minimum_hours,
        potential.potential_contribution,
        {{ ratio('coalesce(zone_rules.allocation_elasticity, 0)') }} as allocation_elasticity,
        -- A gap that would cost money when closed attracts no hours.
        greatest(
            coalesce(
                {{ part_of('zone_rules.allocation_elasticity', 'potential.potential_contribution') }}, 0
            ),
            0
        ) as allocation_weight
    from parents
    inner join zones
        on
            parents.as_of_date = zones.as_of_date
            and parents.ultimate_parent_id = zones.ultimate_parent_id
    inner join potential
        on
            parents.as_of_date = potential.as_of_date
            and parents.ultimate_parent_id = potential.ultimate_parent_id
    left join zone_rules on zones.service_zone = zone_rules.zone
)

select * from needs
