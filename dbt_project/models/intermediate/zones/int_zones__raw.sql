-- One row per as-of date and scored parent: the zone at the plain threshold, every zone its bounds could reach, and how sure we are.
with

scores as (
    select * from {{ ref('int_scores__parent') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

without_late as (
    select * from {{ ref('int_scores__without_late') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

judged as (
    select
        scores.as_of_date,
        scores.ultimate_parent_id,
        scores.is_shown,
        scores.relationship_type = 'lead' as is_lead,
        parents.is_disqualified_lead,
        scores.potential_score,
        scores.attractiveness_score,
        scores.potential_score >= parameters.zone_threshold as is_potential_high,
        scores.attractiveness_score >= parameters.zone_threshold as is_attractiveness_high,
        scores.potential_low < parameters.zone_threshold as can_potential_be_low,
        scores.potential_high >= parameters.zone_threshold as can_potential_be_high,
        scores.attractiveness_low < parameters.zone_threshold as can_attractiveness_be_low,
        scores.attractiveness_high >= parameters.zone_threshold as can_attractiveness_be_high,
        loyalty.is_never_bought,
        loyalty.is_observation,
        coalesce(scores.potential_coverage, 0) < parameters.min_coverage_weight
        or coalesce(scores.attractiveness_coverage, 0) < parameters.min_coverage_weight as is_unrated,
        scores.has_missing_criteria,
        scores.has_stale_ratings,
        without_late.ultimate_parent_id is not null as has_late_ratings,
        coalesce(without_late.late_ratings, 0) as late_ratings,
        without_late.potential_score >= parameters.zone_threshold as is_potential_high_without_late,
        without_late.attractiveness_score >= parameters.zone_threshold as is_attractiveness_high_without_late,
        coalesce(without_late.potential_coverage, 0) < parameters.min_coverage_weight
        or coalesce(without_late.attractiveness_coverage, 0) < parameters.min_coverage_weight as is_unrated_without_late,
        potential.is_potential_contradicted,
        potential.is_potential_stale
    from scores
    inner join parents
        on
            scores.as_of_date = parents.as_of_date
            and scores.ultimate_parent_id = parents.ultimate_parent_id
    inner join loyalty
        on
            scores.as_of_date = loyalty.as_of_date
            and scores.ultimate_parent_id = loyalty.ultimate_parent_id
    inner join potential
        on
            scores.as_of_date = potential.as_of_date
            and scores.ultimate_parent_id = potential.ultimate_parent_id
    cross join parameters
    left join without_late
        on
            scores.as_of_date = without_late.as_of_date
            and scores.ultimate_parent_id = without_late.ultimate_parent_id
),

-- Whatever is observed meanwhile: without enough knowledge there is no raw zone that a state or a comparison could stand on. What is
-- published of an observed customer beside its zone is the plain zone of its scores, as in the worked example (C6).
plain as (
    select
        judged.*,
        case
            when is_never_bought or is_unrated then null
            when is_disqualified_lead then 'disqualified_lead'
            else {{ zone_of('is_potential_high', 'is_attractiveness_high', 'is_lead') }}
        end as raw_zone,
        case
            when not has_late_ratings or is_unrated_without_late then null
            when is_disqualified_lead then 'disqualified_lead'
            else {{ zone_of('is_potential_high_without_late', 'is_attractiveness_high_without_late', 'is_lead') }}
        end as zone_without_late
    from judged
),

-- No zone without them is another one, too. Who has no raw zone now is unrated, and that is all.
confirmed as (
    select
        plain.*,
        case when has_late_ratings then zone_without_late else raw_zone end as raw_zone_without_late,
        has_late_ratings and raw_zone is not null and coalesce(zone_without_late <> raw_zone, true) as is_ratings_unconfirmed
    from plain
),

possible as (
    select
        confirmed.*,
        case
            when is_never_bought then null
            when is_disqualified_lead then 'disqualified_lead'
            when is_lead then {{ texts_that_hold([
                ('can_potential_be_low and can_attractiveness_be_low', 'disqualified_lead'),
                ('(can_potential_be_high and can_attractiveness_be_low) or (can_potential_be_low and can_attractiveness_be_high)', 'nurture_lead'),
                ('can_potential_be_high and can_attractiveness_be_high', 'target_lead'),
            ]) }}
            else {{ texts_that_hold([
                ('can_potential_be_high and can_attractiveness_be_low', 'development'),
                ('can_potential_be_low and can_attractiveness_be_high', 'maintain'),
                ('can_potential_be_high and can_attractiveness_be_high', 'protection'),
                ('can_potential_be_low and can_attractiveness_be_low', 'withdrawal'),
            ]) }}
        end as possible_zones
    from confirmed
),

stated as (
    select
        possible.*,
        case
            when is_never_bought then null
            when is_observation then 'observation'
            when is_unrated then 'unrated'
            when
                position(',' in possible_zones) > 0
                or is_ratings_unconfirmed or has_stale_ratings or is_potential_contradicted or is_potential_stale
                then 'provisional'
            else 'confirmed'
        end as zone_status,
        case when is_never_bought then null else {{ texts_that_hold([
            ('is_ratings_unconfirmed', 'ratings_unconfirmed'),
            ('has_missing_criteria', 'missing_criteria'),
            ('is_potential_contradicted', 'potential_contradicted'),
            ('is_potential_stale', 'potential_stale'),
            ('has_stale_ratings', 'ratings_stale'),
        ]) }} end as zone_status_reasons
    from possible
),

zoned as (
    select
        as_of_date,
        ultimate_parent_id,
        is_shown,
        is_lead,
        is_disqualified_lead,
        is_never_bought,
        potential_score,
        attractiveness_score,
        is_potential_high,
        is_attractiveness_high,
        zone_status,
        zone_status_reasons,
        possible_zones,
        raw_zone,
        case
            when is_never_bought or zone_status = 'unrated' then null
            when is_disqualified_lead then 'disqualified_lead'
            else {{ zone_of('is_potential_high', 'is_attractiveness_high', 'is_lead') }}
        end as plain_zone,
        {{ whole('late_ratings') }} as late_ratings,
        raw_zone_without_late,
        is_ratings_unconfirmed
    from stated
)

select * from zoned
