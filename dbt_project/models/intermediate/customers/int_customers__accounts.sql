-- One row per as-of date and CRM account, with the score object it belongs to: its customer's ultimate parent, itself where it is a
-- lead without a customer, nothing where its customer is unknown.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

accounts as (
    select dates.as_of_date, accounts.*
    from dates
    inner join {{ ref('stg_crm__accounts') }} as accounts on {{ is_known('accounts', 'dates') }}
),

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

resolved as (
    select
        accounts.as_of_date,
        accounts.account_id,
        accounts.account_name,
        accounts.lead_status,
        accounts.is_wish_customer,
        accounts.referrals,
        accounts.has_co_development,
        accounts.has_co_marketing,
        accounts.created_on,
        accounts.owner_rep_key,
        accounts.customer_id is null as is_lead_account,
        case when accounts.customer_id is null then accounts.account_id else customers.survivor_customer_id end as entity_id,
        case when accounts.customer_id is null then accounts.account_id else customers.ultimate_parent_id end as ultimate_parent_id
    from accounts
    left join customers
        on
            accounts.as_of_date = customers.as_of_date
            and accounts.customer_id = customers.customer_id
)

select * from resolved
