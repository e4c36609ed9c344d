-- One row per as-of date and activity that lies after the date and after everything known then: planned, not done.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select * from {{ ref('int_accounts__as_of') }}
),

activities as (
    select * from {{ ref('int_activities__delivered') }}
),

final as (
    select
        dates.as_of_date,
        {{ finding(
            'future_dated', 'activities', 'activities.activity_id', 'activities.month_start', 'accounts.ultimate_parent_id',
            'activities.cost', place='activities'
        ) }}
    from activities
    inner join dates on activities.activity_date > dates.as_of_date and activities.activity_at > dates.known_at
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and activities.account_id = accounts.account_id
)

select * from final
