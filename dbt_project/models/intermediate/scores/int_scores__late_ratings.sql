-- One row per as-of date and late rating: entered in the last days before the as-of date or later, known and valid all the same, of a
-- criterion on one of the two axes of its score object. The one place that says when a rating is late (METHOD 1.7).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

criteria as (
    select distinct scorecard, criterion_id from {{ ref('stg_settings__scorecard_criteria') }}
    where method = 'rating' and axis in ('potential', 'attractiveness')
),

limits as (
    select * from {{ ref('stg_settings__input_quality') }}
),

known_ratings as (
    select
        knowledge.known_at,
        ratings.account_id,
        ratings.criterion_id,
        ratings.rater_key,
        ratings.valid_from,
        ratings.recorded_at,
        {{ company_day('ratings.recorded_at') }} as recorded_on
    from (select distinct known_at from dates) as knowledge
    inner join {{ ref('stg_crm__ratings') }} as ratings on {{ is_known('ratings', 'knowledge') }}
),

late as (
    select
        dates.as_of_date,
        dates.is_shown,
        dates.is_compared,
        known_ratings.account_id,
        known_ratings.criterion_id,
        known_ratings.rater_key,
        known_ratings.valid_from,
        known_ratings.recorded_at
    from known_ratings
    cross join limits
    inner join dates
        on
            known_ratings.known_at = dates.known_at
            and known_ratings.valid_from <= dates.as_of_date
            and {{ days_between('known_ratings.recorded_on', 'dates.as_of_date') }} < limits.rating_cutoff_days
),

placed as (
    select
        late.as_of_date,
        late.is_shown,
        late.is_compared,
        parents.ultimate_parent_id,
        parents.scorecard,
        late.account_id,
        late.criterion_id,
        late.rater_key,
        late.valid_from,
        late.recorded_at
    from late
    inner join accounts
        on
            late.as_of_date = accounts.as_of_date
            and late.account_id = accounts.account_id
    inner join parents
        on
            accounts.as_of_date = parents.as_of_date
            and accounts.ultimate_parent_id = parents.ultimate_parent_id
    inner join criteria
        on
            parents.scorecard = criteria.scorecard
            and late.criterion_id = criteria.criterion_id
)

select * from placed
