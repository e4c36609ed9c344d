-- One row per as-of date, score object, axis and criterion with late ratings: its points had nobody entered any of them. Whoever spoke
-- before speaks again; a criterion that nobody is left to rate is missing.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

late_ratings as (
    select * from {{ ref('int_scores__late_ratings') }}
),

levels as (
    select * from {{ ref('int_scores__judged_levels') }}
    where axis in ('potential', 'attractiveness') and method = 'rating'
),

touched as (
    select distinct
        as_of_date,
        ultimate_parent_id,
        criterion_id
    from late_ratings
),

-- Of the criteria touched: whatever is not late.
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
    inner join dates on touched.as_of_date = dates.as_of_date
    inner join accounts
        on
            touched.as_of_date = accounts.as_of_date
            and touched.ultimate_parent_id = accounts.ultimate_parent_id
    inner join {{ ref('stg_crm__ratings') }} as ratings
        on
            accounts.account_id = ratings.account_id
            and touched.criterion_id = ratings.criterion_id
            and ratings.valid_from <= touched.as_of_date
            and {{ is_known('ratings', 'dates') }}
    left join late_ratings
        on
            touched.as_of_date = late_ratings.as_of_date
            and ratings.account_id = late_ratings.account_id
            and ratings.criterion_id = late_ratings.criterion_id
            and ratings.rater_key = late_ratings.rater_key
            and ratings.valid_from = late_ratings.valid_from
            and ratings.recorded_at = late_ratings.recorded_at
    where late_ratings.account_id is null
),

former_in_use as (
    select * from former
    where position = 1 and level is not null
),

former_levels as (
    {{ mean_over_raters('former_in_use', ['as_of_date', 'ultimate_parent_id', 'criterion_id']) }}
),

final as (
    select
        levels.as_of_date,
        levels.ultimate_parent_id,
        levels.axis,
        levels.criterion_id,
        levels.weight_points,
        levels.points,
        levels.is_imputed,
        {{ points('levels.weight_points', 'coalesce(former_levels.level, parameters.missing_level)') }} as points_without_late,
        former_levels.level is null as is_imputed_without_late
    from touched
    cross join parameters
    inner join levels
        on
            touched.as_of_date = levels.as_of_date
            and touched.ultimate_parent_id = levels.ultimate_parent_id
            and touched.criterion_id = levels.criterion_id
    left join former_levels
        on
            touched.as_of_date = former_levels.as_of_date
            and touched.ultimate_parent_id = former_levels.ultimate_parent_id
            and touched.criterion_id = former_levels.criterion_id
)

select * from final
