-- One row per as-of date and activity of its 12 months that is delivered, but was entered after what the date may know.
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
            'recorded_after_known_at', 'activities', 'activities.activity_id', 'activities.month_start', 'accounts.ultimate_parent_id',
            'activities.cost', place='activities'
        ) }}
    from activities
    inner join dates
        on
            activities.recorded_at > dates.known_at
            and activities.activity_date between dates.window_start and dates.as_of_date
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and activities.account_id = accounts.account_id
)

select * from final
