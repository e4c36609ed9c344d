-- One row per time of knowledge, ultimate parent, rated criterion and span of as-of dates in which the same ratings are in use: the mean over
-- raters, a rater's levels on several accounts of the parent averaged first. Where the customer rates a criterion himself, our staff's guess
-- of it steps back (METHOD 1.9).
with

dates as (
    select
        as_of_date,
        known_at,
        lead(as_of_date) over (partition by known_at order by as_of_date) as next_as_of_date
    from {{ ref('stg_control__as_of_dates') }}
),

knowledge as (
    select distinct known_at from dates
),

account_spans as (
    select * from {{ ref('int_customers__account_spans') }}
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
        {{ next_valid_from(['knowledge.known_at']) }} as next_valid_from
    from knowledge
    inner join {{ ref('stg_crm__ratings') }} as ratings on {{ is_known('ratings', 'knowledge') }}
),

-- Days on which something begins to hold, or no longer does: a rating, or what an account belongs to.
days as (
    select known_at, valid_from as begins_on from known_ratings
    union
    select known_at, next_valid_from as begins_on from known_ratings
    where next_valid_from is not null
    union
    select knowledge.known_at, account_spans.first_as_of_date as begins_on
    from knowledge
    cross join (select distinct first_as_of_date from account_spans) as account_spans
    union
    select knowledge.known_at, {{ add_days('account_spans.last_as_of_date', 1) }} as begins_on
    from knowledge
    cross join (select distinct last_as_of_date from account_spans) as account_spans
),

-- Of each day the first as-of date from it on, and the last one before it.
sides as (
    select
        days.known_at,
        days.begins_on,
        min(case when dates.as_of_date >= days.begins_on then dates.as_of_date end) as first_as_of_date,
        max(case when dates.as_of_date < days.begins_on then dates.as_of_date end) as last_as_of_date
    from days
    inner join dates on days.known_at = dates.known_at
    group by days.known_at, days.begins_on
),

-- Between two of them, without asking every date. A rater whose latest level is unknown is missing.
placed_ratings as (
    select
        known_ratings.known_at,
        account_spans.ultimate_parent_id,
        known_ratings.account_id,
        known_ratings.criterion_id,
        known_ratings.rater_key,
        known_ratings.rated_by,
        known_ratings.level,
        known_ratings.valid_from,
        greatest(rated.first_as_of_date, joined.first_as_of_date) as first_as_of_date,
        case
            when known_ratings.next_valid_from is null then parted.last_as_of_date
            else least(rated_anew.last_as_of_date, parted.last_as_of_date)
        end as last_as_of_date
    from known_ratings
    inner join account_spans on known_ratings.account_id = account_spans.account_id
    inner join sides as rated
        on
            known_ratings.known_at = rated.known_at
            and known_ratings.valid_from = rated.begins_on
    inner join sides as joined
        on
            known_ratings.known_at = joined.known_at
            and account_spans.first_as_of_date = joined.begins_on
    inner join sides as parted
        on
            known_ratings.known_at = parted.known_at
            and {{ add_days('account_spans.last_as_of_date', 1) }} = parted.begins_on
    left join sides as rated_anew
        on
            known_ratings.known_at = rated_anew.known_at
            and known_ratings.next_valid_from = rated_anew.begins_on
    where
        known_ratings.level is not null
        -- Before whatever date there is: nothing is left of it.
        and rated.first_as_of_date is not null
        and joined.first_as_of_date is not null
        and parted.last_as_of_date is not null
        and (known_ratings.next_valid_from is null or rated_anew.last_as_of_date is not null)
),

in_use as (
    select * from placed_ratings
    where first_as_of_date <= last_as_of_date
),

-- Dates at which the ratings in use are no longer those of the date before.
turns as (
    select known_at, ultimate_parent_id, criterion_id, first_as_of_date
    from in_use
    union
    select in_use.known_at, in_use.ultimate_parent_id, in_use.criterion_id, dates.next_as_of_date as first_as_of_date
    from in_use
    inner join dates
        on
            in_use.known_at = dates.known_at
            and in_use.last_as_of_date = dates.as_of_date
    where dates.next_as_of_date is not null
),

spans as (
    select
        known_at,
        ultimate_parent_id,
        criterion_id,
        first_as_of_date,
        lead(first_as_of_date) over (partition by known_at, ultimate_parent_id, criterion_id order by first_as_of_date) as next_as_of_date
    from turns
),

placed as (
    select
        spans.known_at,
        spans.ultimate_parent_id,
        spans.criterion_id,
        spans.first_as_of_date,
        spans.next_as_of_date,
        in_use.rater_key,
        in_use.rated_by,
        in_use.level,
        in_use.valid_from
    from spans
    inner join in_use
        on
            spans.known_at = in_use.known_at
            and spans.ultimate_parent_id = in_use.ultimate_parent_id
            and spans.criterion_id = in_use.criterion_id
            and spans.first_as_of_date between in_use.first_as_of_date and in_use.last_as_of_date
),

per_parent as (
    {{ mean_over_raters('placed', ['known_at', 'ultimate_parent_id', 'criterion_id', 'first_as_of_date', 'next_as_of_date']) }}
)

select * from per_parent
