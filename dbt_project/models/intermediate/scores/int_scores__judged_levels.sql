-- One row per judged as-of date, scored parent, axis and criterion of its scorecard: the level, or that it is missing. Missing counts as
-- zones.missing_level in the score, as level 1 in its low and as level 5 in its high bound; it never raises a score unseen (METHOD 1.7).
-- A month that is neither shown nor compared with has the two axes its zone stands on, and no other.
{#
    A view: of months that are only replayed, most of the rows, all that is asked for is their sum (int_scores__parent). It is summed while
    they are computed; only what is shown or compared is kept (int_scores__levels).
#}
{{ config(materialized='view') }}
with

criteria as (
    select * from {{ ref('stg_settings__scorecard_criteria') }}
),

-- Each level holds from its bound to the next higher one; where there is none, from the lowest number or to the highest.
breakpoints as (
    select
        criterion_id,
        level,
        coalesce(lower_bound_inclusive, -cast({{ 10 ** 27 }} as decimal(38, 10))) as lower_bound,
        coalesce(
            lead(lower_bound_inclusive) over (partition by criterion_id order by lower_bound_inclusive nulls first),
            cast({{ 10 ** 27 }} as decimal(38, 10))
        ) as upper_bound
    from {{ ref('stg_settings__criterion_breakpoints') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

measures as (
    select
        measures.*,
        dates.known_at
    from {{ ref('int_scores__measures') }} as measures
    inner join {{ ref('stg_control__as_of_dates') }} as dates on measures.as_of_date = dates.as_of_date
),

-- By span and not by date (int_scores__rating_levels): a fifteenth of the rows, which stay in memory.
ratings as (
    select
        known_at,
        ultimate_parent_id,
        criterion_id,
        level,
        oldest_valid_from,
        first_as_of_date,
        coalesce(next_as_of_date, cast('9999-12-31' as date)) as next_as_of_date
    from {{ ref('int_scores__rating_spans') }}
),

valued as (
    select
        measures.as_of_date,
        measures.known_at,
        measures.ultimate_parent_id,
        measures.is_shown,
        measures.is_compared,
        criteria.scorecard,
        criteria.axis,
        criteria.criterion_id,
        criteria.method,
        criteria.measure,
        criteria.weight_points,
        -- In the key and not in the condition: a join with a condition on its left side alone compares every row with every row.
        case when criteria.method = 'rating' then criteria.criterion_id end as rated_criterion_id,
        case when criteria.method = 'breakpoints' then criteria.criterion_id end as measured_criterion_id,
        cast(
            case criteria.measure
                {%- for measure in measure_catalogue() %}
                when '{{ measure.name }}' then measures.{{ measure.name }}
                {%- endfor %}
            end as decimal(38, 10)
        ) as raw_value,
        -- A loss without revenue has no margin ratio, but it is no unknown: it is the worst margin there is.
        criteria.measure in ('contribution_4_margin_ratio', 'customer_contribution_margin_ratio')
        and measures.customer_contribution_margin_ratio is null
        and measures.customer_contribution < 0 as is_loss_without_margin
    from measures
    inner join criteria on measures.scorecard = criteria.scorecard
    where
        criteria.axis in ('potential', 'attractiveness')
        or {{ is_compared('measures') }}
),

known_levels as (
    select
        valued.as_of_date,
        valued.ultimate_parent_id,
        valued.is_shown,
        valued.is_compared,
        valued.scorecard,
        valued.axis,
        valued.criterion_id,
        valued.weight_points,
        valued.method,
        coalesce(valued.raw_value, ratings.level) as raw_value,
        -- Narrow, because engines work on numbers of up to 18 digits many times faster than on wider ones.
        cast(
            case
                when valued.is_loss_without_margin then 1
                when valued.method = 'breakpoints' then breakpoints.level
                when valued.method = 'level' then valued.raw_value
                else ratings.level
            end as decimal(18, 10)
        ) as level,
        ratings.oldest_valid_from as rating_valid_from
    from valued
    left join breakpoints
        on
            valued.measured_criterion_id = breakpoints.criterion_id
            and valued.raw_value >= breakpoints.lower_bound
            and valued.raw_value < breakpoints.upper_bound
    left join ratings
        on
            valued.known_at = ratings.known_at
            and valued.ultimate_parent_id = ratings.ultimate_parent_id
            and valued.rated_criterion_id = ratings.criterion_id
            and valued.as_of_date >= ratings.first_as_of_date
            and valued.as_of_date < ratings.next_as_of_date
),

pointed as (
    select
        known_levels.*,
        {{ points('known_levels.weight_points', 'coalesce(known_levels.level, parameters.missing_level)') }} as points,
        known_levels.level is null as is_imputed,
        coalesce({{ is_stale('known_levels.rating_valid_from', 'known_levels.as_of_date') }}, false) as is_rating_stale
    from known_levels
    cross join parameters
),

-- The bounds of a level that is known are its points.
bounded as (
    select
        as_of_date,
        ultimate_parent_id,
        scorecard,
        axis,
        criterion_id,
        method,
        raw_value,
        level,
        weight_points,
        points,
        case when is_imputed then {{ points('weight_points', '1') }} else points end as points_low,
        case when is_imputed then {{ points('weight_points', '5') }} else points end as points_high,
        is_imputed,
        rating_valid_from,
        is_rating_stale,
        is_shown,
        is_compared
    from pointed
)

select * from bounded
