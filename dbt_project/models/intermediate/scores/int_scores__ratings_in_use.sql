-- One row per as-of date, account, criterion and rater: the rating in use, i.e. the latest by valid_from, then recorded_at, valid and
-- known then. A rater whose latest level is unknown is missing. Of a month that is only replayed the levels that follow are enough
-- (int_scores__rating_spans): nobody asks for single ratings.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_compared() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

-- Once for what is known, whatever the date: a rating holds until its rater's next one.
known_ratings as (
    select
        knowledge.known_at,
        ratings.account_id,
        ratings.criterion_id,
        ratings.rater_key,
        coalesce(ratings.rated_by, 'staff') as rated_by,
        ratings.level,
        ratings.valid_from,
        ratings.recorded_at,
        {{ next_valid_from(['knowledge.known_at']) }} as next_valid_from
    from (select distinct known_at from dates) as knowledge
    inner join {{ ref('stg_crm__ratings') }} as ratings on {{ is_known('ratings', 'knowledge') }}
),

placed as (
    select
        dates.as_of_date,
        dates.is_shown,
        dates.is_compared,
        accounts.ultimate_parent_id,
        known_ratings.account_id,
        known_ratings.criterion_id,
        known_ratings.rater_key,
        known_ratings.rated_by,
        known_ratings.level,
        known_ratings.valid_from,
        known_ratings.recorded_at
    from known_ratings
    inner join dates
        on
            known_ratings.known_at = dates.known_at
            and known_ratings.valid_from <= dates.as_of_date
            and (known_ratings.next_valid_from is null or known_ratings.next_valid_from > dates.as_of_date)
    inner join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and known_ratings.account_id = accounts.account_id
    where
        known_ratings.level is not null
        and accounts.ultimate_parent_id is not null
)

select * from placed
