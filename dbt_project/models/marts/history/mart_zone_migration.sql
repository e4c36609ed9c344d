-- One row per as-of date, relationship type, zone at the start and zone at the end: who moved where since the as-of date before.
with

changes as (
    select * from {{ ref('int_zones__changes') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

migrations as (
    select
        as_of_date,
        relationship_type,
        coalesce(from_zone, '(new)') as from_zone,
        coalesce(to_zone, '(gone)') as to_zone,
        {{ whole('count(*)') }} as score_objects,
        {{ money('sum(net_revenue)') }} as net_revenue,
        {{ money('sum(contribution_4)') }} as contribution_4,
        {{ money('sum(previous_contribution_4)') }} as previous_contribution_4,
        {{ money('sum(contribution_4_change)') }} as contribution_4_change,
        {{ money('sum(potential_contribution)') }} as potential_contribution
    from changes
    group by as_of_date, relationship_type, coalesce(from_zone, '(new)'), coalesce(to_zone, '(gone)')
),

segments as (
    select * from {{ ref('int_zones__compensation') }}
),

final as (
    select
        migrations.as_of_date,
        migrations.relationship_type,
        migrations.from_zone,
        migrations.to_zone,
        migrations.from_zone <> migrations.to_zone as is_zone_change,
        migrations.score_objects,
        migrations.net_revenue,
        migrations.contribution_4,
        migrations.previous_contribution_4,
        migrations.contribution_4_change,
        migrations.potential_contribution,
        segments.change_high as net_change_high_value_segment,
        segments.change_low as net_change_low_value_segment,
        segments.overcompensation_ratio,
        segments.start_date as overcompensation_start_date,
        segments.start_source as overcompensation_start,
        {{ is_latest('migrations') }} as is_latest,
        parameters.method_version
    from migrations
    cross join parameters
    left join segments on migrations.as_of_date = segments.as_of_date
)

select * from final
