-- One row per as-of date, account, criterion and rater: the rating in use, i.e. the latest by valid_from, then recorded_at, valid and
-- known then. A rater whose latest level is unknown is missing.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

known_ratings as (
    select
        dates.as_of_date,
        ratings.account_id,
        ratings.criterion_id,
        ratings.rater_key,
        coalesce(ratings.rated_by, 'staff') as rated_by,
        ratings.level,
        ratings.valid_from,
        ratings.recorded_at,
        {{ rating_position(['dates.as_of_date']) }} as position
    from dates
    inner join {{ ref('stg_crm__ratings') }} as ratings
        on {{ is_known('ratings', 'dates') }} and ratings.valid_from <= dates.as_of_date
),

placed as (
    select
        known_ratings.as_of_date,
        accounts.ultimate_parent_id,
        known_ratings.account_id,
        known_ratings.criterion_id,
        known_ratings.rater_key,
        known_ratings.rated_by,
        known_ratings.level,
        known_ratings.valid_from,
        known_ratings.recorded_at
    from known_ratings
    inner join accounts
        on
            known_ratings.as_of_date = accounts.as_of_date
            and known_ratings.account_id = accounts.account_id
    where
        known_ratings.position = 1
        and known_ratings.level is not null
        and accounts.ultimate_parent_id is not null
)

select * from placed
