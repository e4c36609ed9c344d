-- One row per as-of date and activity of its 12 months on an own company or an internal account.
{{ config(meta={'decides': 'customers.relationship_type contradiction'}) }}
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

own_accounts as (
    select
        accounts.as_of_date,
        accounts.account_id,
        accounts.ultimate_parent_id
    from accounts
    inner join parents
        on
            accounts.as_of_date = parents.as_of_date
            and accounts.ultimate_parent_id = parents.ultimate_parent_id
            and parents.relationship_type = 'intercompany'
),

final as (
    select
        dates.as_of_date,
        {{ finding(
            'activity_on_intercompany', 'activities', 'activities.row_id', 'activities.month_start',
            'own_accounts.ultimate_parent_id', 'activities.cost', place='activities'
        ) }}
    from dates
    inner join own_accounts on dates.as_of_date = own_accounts.as_of_date
    inner join activities
        on
            own_accounts.account_id = activities.account_id
            and activities.activity_date between dates.window_start and dates.as_of_date
)

select * from final
