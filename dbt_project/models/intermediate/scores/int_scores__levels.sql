-- One row per as-of date, scored parent, axis and criterion of its scorecard: the level, or that it is missing. Missing counts as
-- zones.missing_level in the score, as level 1 in its low and as level 5 in its high bound; it never raises a score unseen (METHOD 1.7).
with

criteria as (
    select * from {{ ref('stg_settings__scorecard_criteria') }}
),

breakpoints as (
    select * from {{ ref('stg_settings__criterion_breakpoints') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

measures as (
    select * from {{ ref('int_scores__measures') }}
),

ratings as (
    select * from {{ ref('int_scores__rating_levels') }}
),

valued as (
    select
        measures.as_of_date,
        measures.ultimate_parent_id,
        criteria.scorecard,
        criteria.axis,
        criteria.criterion_id,
        criteria.method,
        criteria.measure,
        criteria.weight_points,
        -- In the key and not in the condition: a join with a condition on its left side alone compares every row with every row.
        case when criteria.method = 'rating' then criteria.criterion_id end as rated_criterion_id,
        cast(
            case criteria.measure
                {%- for measure in measure_catalogue() %}
                when '{{ measure.name }}' then measures.{{ measure.name }}
                {%- endfor %}
            end as decimal(38, 10)
        ) as raw_value,
        -- A loss without revenue has no margin ratio, but it is no unknown: it is the worst margin there is.
        criteria.measure = 'contribution_4_margin_ratio'
        and measures.contribution_4_margin_ratio is null
        and measures.contribution_4 < 0 as is_loss_without_margin
    from measures
    inner join criteria on measures.scorecard = criteria.scorecard
),

reached as (
    select
        valued.as_of_date,
        valued.ultimate_parent_id,
        valued.axis,
        valued.criterion_id,
        breakpoints.level,
        row_number() over (
            partition by valued.as_of_date, valued.ultimate_parent_id, valued.axis, valued.criterion_id
            order by breakpoints.lower_bound_inclusive desc nulls last
        ) as position
    from valued
    inner join breakpoints
        on
            valued.criterion_id = breakpoints.criterion_id
            and (breakpoints.lower_bound_inclusive is null or breakpoints.lower_bound_inclusive <= valued.raw_value)
    where valued.method = 'breakpoints' and valued.raw_value is not null
),

known_levels as (
    select
        valued.as_of_date,
        valued.ultimate_parent_id,
        valued.scorecard,
        valued.axis,
        valued.criterion_id,
        valued.weight_points,
        valued.method,
        coalesce(valued.raw_value, ratings.level) as raw_value,
        cast(
            case
                when valued.is_loss_without_margin then 1
                when valued.method = 'breakpoints' then reached.level
                when valued.method = 'level' then valued.raw_value
                else ratings.level
            end as decimal(38, 10)
        ) as level,
        ratings.oldest_valid_from as rating_valid_from
    from valued
    left join reached
        on
            valued.as_of_date = reached.as_of_date
            and valued.ultimate_parent_id = reached.ultimate_parent_id
            and valued.axis = reached.axis
            and valued.criterion_id = reached.criterion_id
            and reached.position = 1
    left join ratings
        on
            valued.as_of_date = ratings.as_of_date
            and valued.ultimate_parent_id = ratings.ultimate_parent_id
            and valued.rated_criterion_id = ratings.criterion_id
),

pointed as (
    select
        known_levels.as_of_date,
        known_levels.ultimate_parent_id,
        known_levels.scorecard,
        known_levels.axis,
        known_levels.criterion_id,
        known_levels.method,
        known_levels.raw_value,
        known_levels.level,
        known_levels.weight_points,
        {{ points('known_levels.weight_points', 'coalesce(known_levels.level, parameters.missing_level)') }} as points,
        {{ points('known_levels.weight_points', 'coalesce(known_levels.level, 1)') }} as points_low,
        {{ points('known_levels.weight_points', 'coalesce(known_levels.level, 5)') }} as points_high,
        known_levels.level is null as is_imputed,
        known_levels.rating_valid_from,
        coalesce({{ is_stale('known_levels.rating_valid_from', 'known_levels.as_of_date') }}, false) as is_rating_stale
    from known_levels
    cross join parameters
)

select * from pointed
