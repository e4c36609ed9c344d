-- A returned row is a customer with several parents valid on the same day; the latest link counts.
{{ config(severity='warn', meta={
    'decides': 'customer_parents.valid_from overlap',
    'what': 'every customer has at most one parent at a time',
    'remedy': 'end the former link with valid_to in customer_parents; until then the one with the latest valid_from counts',
}) }}
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
)

select
    dates.as_of_date,
    parents.customer_id,
    count(*) as parents
from dates
inner join {{ ref('stg_erp__customer_parents') }} as parents
    on
        {{ is_known('parents', 'dates') }}
        and parents.valid_from <= dates.as_of_date
        and (parents.valid_to is null or parents.valid_to >= dates.as_of_date)
group by dates.as_of_date, parents.customer_id
having count(*) > 1
