-- One row per as-of date and scored parent: would other thresholds or other weights put it into another zone? (METHOD 1.15)
with

scores as (
    select
        scores.*,
        raw_zones.is_disqualified_lead
    from {{ ref('int_scores__parent') }} as scores
    -- Unrated: there is no zone to be stable.
    inner join {{ ref('int_zones__raw') }} as raw_zones
        on
            scores.as_of_date = raw_zones.as_of_date
            and scores.ultimate_parent_id = raw_zones.ultimate_parent_id
    where raw_zones.zone_status <> 'unrated' and {{ is_shown('scores') }}
),

thresholds as (
    select threshold from {{ ref('stg_settings__sensitivity_thresholds') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

levels as (
    select
        levels.as_of_date,
        levels.ultimate_parent_id,
        levels.axis,
        levels.criterion_id,
        levels.weight_points >= parameters.sensitivity_weight_shift_points as can_give,
        -- Its points with the moved weight, rounded as in the score.
        {{ points('levels.weight_points - parameters.sensitivity_weight_shift_points', 'coalesce(levels.level, parameters.missing_level)') }}
        - levels.points as change_giving,
        {{ points('levels.weight_points + parameters.sensitivity_weight_shift_points', 'coalesce(levels.level, parameters.missing_level)') }}
        - levels.points as change_taking
    from {{ ref('int_scores__levels') }} as levels
    cross join parameters
    where levels.axis in ('potential', 'attractiveness') and {{ is_shown('levels') }}
),

plain as (
    select
        scores.as_of_date,
        scores.ultimate_parent_id,
        scores.relationship_type = 'lead' as is_lead,
        scores.is_disqualified_lead,
        scores.potential_score,
        scores.attractiveness_score,
        parameters.zone_threshold,
        {{ zone_of('scores.potential_score >= parameters.zone_threshold', 'scores.attractiveness_score >= parameters.zone_threshold', "scores.relationship_type = 'lead'") }} as plain_zone
    from scores
    cross join parameters
),

threshold_cases as (
    select
        plain.as_of_date,
        plain.ultimate_parent_id,
        plain.is_disqualified_lead,
        plain.plain_zone,
        {{ zone_of('plain.potential_score >= p.threshold', 'plain.attractiveness_score >= a.threshold', 'plain.is_lead') }} as case_zone
    from plain
    cross join thresholds as p
    cross join thresholds as a
),

threshold_shares as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ ratio(exact_div('count_if(is_disqualified_lead or plain_zone = case_zone)', 'count(*)')) }} as threshold_stability
    from threshold_cases
    group by as_of_date, ultimate_parent_id
),

weight_moves as (
    select
        giver.as_of_date,
        giver.ultimate_parent_id,
        giver.axis,
        giver.change_giving + taker.change_taking as score_change
    from levels as giver
    inner join levels as taker
        on
            giver.as_of_date = taker.as_of_date
            and giver.ultimate_parent_id = taker.ultimate_parent_id
            and giver.axis = taker.axis
            and giver.criterion_id <> taker.criterion_id
    where giver.can_give
),

weight_cases as (
    select
        plain.as_of_date,
        plain.ultimate_parent_id,
        plain.is_disqualified_lead,
        plain.plain_zone,
        {{ zone_of(
            "plain.potential_score + case when moves.axis = 'potential' then moves.score_change else 0 end >= plain.zone_threshold",
            "plain.attractiveness_score + case when moves.axis = 'attractiveness' then moves.score_change else 0 end >= plain.zone_threshold",
            'plain.is_lead'
        ) }} as case_zone
    from plain
    inner join weight_moves as moves
        on
            plain.as_of_date = moves.as_of_date
            and plain.ultimate_parent_id = moves.ultimate_parent_id
),

weight_shares as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ ratio(exact_div('count_if(is_disqualified_lead or plain_zone = case_zone)', 'count(*)')) }} as weight_stability
    from weight_cases
    group by as_of_date, ultimate_parent_id
),

final as (
    select
        plain.as_of_date,
        plain.ultimate_parent_id,
        threshold_shares.threshold_stability,
        weight_shares.weight_stability,
        {{ score('least(abs(plain.potential_score - plain.zone_threshold), abs(plain.attractiveness_score - plain.zone_threshold))') }} as distance_to_threshold
    from plain
    inner join threshold_shares
        on
            plain.as_of_date = threshold_shares.as_of_date
            and plain.ultimate_parent_id = threshold_shares.ultimate_parent_id
    left join weight_shares
        on
            plain.as_of_date = weight_shares.as_of_date
            and plain.ultimate_parent_id = weight_shares.ultimate_parent_id
)

select * from final
