-- One row per as-of date and scored parent: whether its contribution can be relied on, with what the whole company logged, what stands in
-- for missing cost of goods, and whether anybody wrote down anything of a customer whose zone plans visits (METHOD 1.4).
with

contributions as (
    select * from {{ ref('int_contribution__parent') }}
    where is_scored
),

depths as (
    select * from {{ ref('int_contribution__depth') }}
),

zones as (
    select * from {{ ref('int_zones__history') }}
),

zone_rules as (
    select * from {{ ref('stg_settings__zone_rules') }}
),

judged as (
    select
        contributions.as_of_date,
        contributions.ultimate_parent_id,
        contributions.contribution_reliability,
        contributions.is_low_by_imputed_cogs,
        -- Asked only where activities are delivered and cost something: else it would hit everybody.
        case
            when depths.sales_status = 'delivered'
                then coalesce(zone_rules.planned_visits_per_year, 0) > 0 and contributions.activities = 0
        end as is_none_logged
    from contributions
    inner join depths on contributions.as_of_date = depths.as_of_date
    inner join zones
        on
            contributions.as_of_date = zones.as_of_date
            and contributions.ultimate_parent_id = zones.ultimate_parent_id
    left join zone_rules on zones.service_zone = zone_rules.zone
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        is_none_logged,
        is_low_by_imputed_cogs,
        case when is_none_logged then 'low' else contribution_reliability end as contribution_reliability
    from judged
)

select * from final
