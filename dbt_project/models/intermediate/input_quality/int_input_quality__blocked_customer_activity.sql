-- One row per as-of date and activity of its 12 months on a customer that was blocked by then.
{{ config(meta={'decides': 'customers.blocked_from contradiction'}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where {{ is_shown() }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

activities as (
    select * from {{ ref('int_input_checks__activities') }}
),

blocked_accounts as (
    select
        accounts.as_of_date,
        accounts.account_id,
        accounts.ultimate_parent_id,
        customers.blocked_from
    from accounts
    inner join customers
        on
            accounts.as_of_date = customers.as_of_date
            and accounts.entity_id = customers.customer_id
            and customers.blocked_from <= accounts.as_of_date
    where not accounts.is_lead_account
),

final as (
    select
        dates.as_of_date,
        {{ finding(
            'blocked_customer_activity', 'activities', 'activities.row_id', 'activities.month_start',
            'blocked_accounts.ultimate_parent_id', 'activities.cost', place='activities'
        ) }}
    from dates
    inner join blocked_accounts on dates.as_of_date = blocked_accounts.as_of_date
    inner join activities
        on
            blocked_accounts.account_id = activities.account_id
            and activities.activity_date between greatest(dates.window_start, blocked_accounts.blocked_from) and dates.as_of_date
)

select * from final
