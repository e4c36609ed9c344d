-- A returned row is a lead account whose id is also a customer id: the two would be one score object.
{{ config(meta={
    'decides': 'accounts.account_id contradiction',
    'what': 'no lead account has the id of a customer',
    'remedy': 'fill customer_id of this CRM account if it is that customer, else give it another account_id in the mapping',
}) }}
select
    accounts.as_of_date,
    accounts.account_id
from {{ ref('int_customers__accounts') }} as accounts
inner join {{ ref('int_customers__as_of') }} as customers
    on
        accounts.as_of_date = customers.as_of_date
        and accounts.account_id = customers.customer_id
where accounts.is_lead_account
