-- One row per as-of date and rating entered in the days just before it that moved its customer's score across the threshold of an axis.
{{ config(meta={'decides': 'ratings.level jump'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

delivered as (
    select * from {{ ref('int_input_checks__ratings') }}
),

levels as (
    select * from {{ ref('int_scores__levels') }}
),

scores as (
    select * from {{ ref('int_scores__parent') }}
),

-- The days just before each date, as a key.
last_days as (
    select
        dates.as_of_date,
        dates.known_at,
        days.entered_on
    from (select distinct entered_on from delivered) as days
    cross join limits
    inner join dates on {{ days_between('days.entered_on', 'dates.as_of_date') }} between 0 and limits.rating_cutoff_days - 1
),

-- What was entered in the last days up to the cut-off, also a level that was taken back. Later entries are late, not hurried.
recent as (
    select
        last_days.as_of_date,
        accounts.ultimate_parent_id,
        delivered.*
    from delivered
    inner join last_days
        on
            delivered.entered_on = last_days.entered_on
            and delivered.recorded_at <= last_days.known_at
            and delivered.valid_from <= last_days.as_of_date
    inner join accounts
        on
            last_days.as_of_date = accounts.as_of_date
            and delivered.account_id = accounts.account_id
            and accounts.ultimate_parent_id is not null
),

touched as (
    select distinct as_of_date, ultimate_parent_id, criterion_id from recent
),

ratings as (
    select
        known_ratings.*,
        {{ company_day('known_ratings.recorded_at') }} as entered_on
    from {{ ref('stg_crm__ratings') }} as known_ratings
),

-- The ratings in use had nobody entered anything in those days, of the few customers touched.
former as (
    select
        touched.as_of_date,
        touched.ultimate_parent_id,
        touched.criterion_id,
        ratings.account_id,
        ratings.rater_key,
        coalesce(ratings.rated_by, 'staff') as rated_by,
        ratings.level,
        ratings.valid_from,
        {{ rating_position(['touched.as_of_date']) }} as position
    from touched
    cross join limits
    inner join dates on touched.as_of_date = dates.as_of_date
    inner join accounts
        on
            touched.as_of_date = accounts.as_of_date
            and touched.ultimate_parent_id = accounts.ultimate_parent_id
    inner join ratings
        on
            accounts.account_id = ratings.account_id
            and touched.criterion_id = ratings.criterion_id
            and ratings.valid_from <= touched.as_of_date
            and {{ is_known('ratings', 'dates') }}
            and {{ days_between('ratings.entered_on', 'touched.as_of_date') }} not between 0 and limits.rating_cutoff_days - 1
),

former_in_use as (
    select * from former
    where position = 1 and level is not null
),

former_levels as (
    {{ mean_over_raters('former_in_use', ['as_of_date', 'ultimate_parent_id', 'criterion_id']) }}
),

moves as (
    select
        levels.as_of_date,
        levels.ultimate_parent_id,
        levels.axis,
        levels.criterion_id,
        levels.points
        - {{ points('levels.weight_points', 'coalesce(former_levels.level, parameters.missing_level)') }} as moved_points
    from touched
    cross join parameters
    inner join levels
        on
            touched.as_of_date = levels.as_of_date
            and touched.ultimate_parent_id = levels.ultimate_parent_id
            and touched.criterion_id = levels.criterion_id
            and levels.axis in ('potential', 'attractiveness')
    left join former_levels
        on
            touched.as_of_date = former_levels.as_of_date
            and touched.ultimate_parent_id = former_levels.ultimate_parent_id
            and touched.criterion_id = former_levels.criterion_id
),

moved_axes as (
    select
        as_of_date,
        ultimate_parent_id,
        axis,
        sum(moved_points) as moved_points
    from moves
    group by as_of_date, ultimate_parent_id, axis
),

crossed as (
    select
        moved_axes.as_of_date,
        moved_axes.ultimate_parent_id,
        moved_axes.axis
    from moved_axes
    cross join parameters
    inner join scores
        on
            moved_axes.as_of_date = scores.as_of_date
            and moved_axes.ultimate_parent_id = scores.ultimate_parent_id
    where
        (case when moved_axes.axis = 'potential' then scores.potential_score else scores.attractiveness_score end >= parameters.zone_threshold)
        <> (
            case when moved_axes.axis = 'potential' then scores.potential_score else scores.attractiveness_score end
            - moved_axes.moved_points >= parameters.zone_threshold
        )
),

found as (
    select distinct
        recent.as_of_date,
        recent.ultimate_parent_id,
        recent.row_id,
        recent.file_name,
        recent.line_number
    from recent
    inner join moves
        on
            recent.as_of_date = moves.as_of_date
            and recent.ultimate_parent_id = moves.ultimate_parent_id
            and recent.criterion_id = moves.criterion_id
            and moves.moved_points <> 0
    inner join crossed
        on
            moves.as_of_date = crossed.as_of_date
            and moves.ultimate_parent_id = crossed.ultimate_parent_id
            and moves.axis = crossed.axis
),

final as (
    select
        as_of_date,
        {{ finding(
            'rating_changed_before_cutoff', 'ratings', 'row_id', month_start('as_of_date'), 'ultimate_parent_id', place='found'
        ) }}
    from found
)

select * from final
