-- One row per as-of date, activity and person of ours that says again what another activity said: several participants of one group, or
-- one meeting entered twice. The lowest id counts and is not here; which ones are of one group depends on the as-of date.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

costed as (
    select * from {{ ref('int_contribution__activities_costed') }}
    where has_time
),

-- Only these can be one activity entered twice: few, so that the as-of dates need not sort all of them. Days without a time say
-- nothing about that: three calls of one day are three.
shared_moments as (
    select
        known_at,
        activity_type,
        activity_at,
        participant
    from costed
    group by known_at, activity_type, activity_at, participant
    having count(*) > 1
),

candidates as (
    select costed.*
    from costed
    inner join shared_moments
        on
            costed.known_at = shared_moments.known_at
            and costed.activity_type = shared_moments.activity_type
            and costed.activity_at = shared_moments.activity_at
            and costed.participant = shared_moments.participant
),

ranked as (
    select
        dates.as_of_date,
        candidates.activity_id,
        candidates.participant,
        accounts.ultimate_parent_id,
        candidates.activity_date,
        candidates.pool,
        candidates.account_group,
        candidates.is_visit,
        candidates.minutes,
        candidates.cost,
        row_number() over (
            partition by
                dates.as_of_date,
                coalesce(accounts.ultimate_parent_id, candidates.account_id),
                candidates.activity_type,
                candidates.participant,
                candidates.activity_at
            order by candidates.activity_id
        ) as position
    from candidates
    inner join dates
        on
            candidates.known_at = dates.known_at
            and (dates.is_latest or candidates.activity_date between dates.window_start and dates.as_of_date)
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and candidates.account_id = accounts.account_id
),

repeated as (
    select
        as_of_date,
        activity_id,
        participant,
        ultimate_parent_id,
        activity_date,
        pool,
        account_group,
        is_visit,
        minutes,
        cost
    from ranked
    where position > 1
)

select * from repeated
