-- One row per as-of date and activity of its 12 months on an account or a customer that nobody knows.
{{ config(meta={'decides': 'activities.account_id unknown'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_shown() }}
),

activities as (
    select * from {{ ref('int_input_checks__activities') }}
),

known_accounts as (
    select accounts.as_of_date, accounts.account_id
    from accounts
    inner join parents
        on
            accounts.as_of_date = parents.as_of_date
            and accounts.ultimate_parent_id = parents.ultimate_parent_id
),

unknown_accounts as (
    select
        dates.as_of_date,
        dates.window_start,
        used.account_id
    from dates
    cross join (select distinct account_id from activities) as used
    left join known_accounts
        on
            dates.as_of_date = known_accounts.as_of_date
            and used.account_id = known_accounts.account_id
    where known_accounts.account_id is null
),

final as (
    select
        unknown_accounts.as_of_date,
        {{ finding(
            'unknown_customer_activity', 'activities', 'activities.row_id', 'activities.month_start', amount='activities.cost',
            place='activities'
        ) }}
    from unknown_accounts
    inner join activities
        on
            unknown_accounts.account_id = activities.account_id
            and activities.activity_date between unknown_accounts.window_start and unknown_accounts.as_of_date
)

select * from final
