-- One row per as-of date, campaign and ultimate parent with activities logged for the campaign up to then.
{# The latest as-of date keeps the activities of every month; who belongs to which parent is read at each date. #}
with

latest as (
    select as_of_date from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

activities as (
    select costed.*
    from {{ ref('int_contribution__activities') }} as costed
    inner join latest on costed.as_of_date = latest.as_of_date
    where costed.is_counted and costed.campaign_id is not null
),

counted as (
    select
        accounts.as_of_date,
        activities.campaign_id,
        accounts.ultimate_parent_id,
        {{ whole('count(*)') }} as campaign_activities,
        max(activities.activity_date) as last_activity_date
    from activities
    inner join accounts
        on
            activities.account_id = accounts.account_id
            and activities.activity_date <= accounts.as_of_date
    where accounts.ultimate_parent_id is not null
    group by accounts.as_of_date, activities.campaign_id, accounts.ultimate_parent_id
)

select * from counted
