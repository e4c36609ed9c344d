-- One row per as-of date and scored parent: the visits its service zone plans, what they cost, and what of its sales cost is beyond
-- that (METHOD 1.18).
with

contributions as (
    select * from {{ ref('int_contribution__parent') }}
    where is_scored
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

zone_rules as (
    select * from {{ ref('stg_settings__zone_rules') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

field_capacity as (
    select capacity.*
    from {{ ref('int_contribution__capacity') }} as capacity
    inner join parameters on capacity.pool = parameters.field_pool
),

planned as (
    select
        contributions.as_of_date,
        contributions.ultimate_parent_id,
        contributions.sales_cost,
        zones.service_zone,
        coalesce(zone_rules.planned_visits_per_year, 0) as planned_visits,
        coalesce(zone_rules.hours_per_visit, 0) as hours_per_visit,
        field_capacity.annual_cost,
        field_capacity.practical_hours
    from contributions
    inner join zones
        on
            contributions.as_of_date = zones.as_of_date
            and contributions.ultimate_parent_id = zones.ultimate_parent_id
    left join zone_rules on zones.service_zone = zone_rules.zone
    left join field_capacity on contributions.as_of_date = field_capacity.as_of_date
),

priced as (
    select
        planned.*,
        case
            when service_zone is not null
                then {{ money(exact_div(
                    'planned_visits * hours_per_visit * cast(annual_cost as decimal(28, 2))', 'practical_hours', 2
                )) }}
        end as care_cost
    from planned
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ whole('planned_visits') }} as planned_visits,
        care_cost,
        case when sales_cost is not null and care_cost is not null then {{ money('greatest(sales_cost - care_cost, 0)') }} end as avoidable_cost
    from priced
)

select * from final
