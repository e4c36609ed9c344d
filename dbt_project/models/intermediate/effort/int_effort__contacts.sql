-- One row per as-of date and scored parent that anybody ever contacted, as far as known then: the day of the last contact of all time
-- (METHOD 1.13).
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

knowledge as (
    select distinct known_at from dates
),

known_activities as (
    select
        knowledge.known_at,
        activities.account_id,
        {{ company_day('activities.activity_at') }} as activity_date
    from knowledge
    inner join {{ ref('stg_crm__activities') }} as activities on {{ is_known('activities', 'knowledge') }}
),

-- Every as-of date is a month end: of a month only its last contact can be the last.
last_of_month as (
    select
        known_at,
        account_id,
        {{ month_start('activity_date') }} as month_start,
        max(activity_date) as last_contact_date
    from known_activities
    group by known_at, account_id, {{ month_start('activity_date') }}
),

contacts as (
    select
        dates.as_of_date,
        accounts.ultimate_parent_id,
        max(last_of_month.last_contact_date) as last_contact_date
    from dates
    inner join last_of_month
        on
            dates.known_at = last_of_month.known_at
            and last_of_month.month_start <= dates.as_of_date
    inner join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and last_of_month.account_id = accounts.account_id
    where accounts.ultimate_parent_id is not null
    group by dates.as_of_date, accounts.ultimate_parent_id
)

select * from contacts
