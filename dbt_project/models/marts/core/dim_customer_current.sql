-- One row per ultimate parent of the latest as-of date: who the score object is, without any figure a join could repeat; and one for what is
-- booked on nobody, so that a join loses nothing.
with

customers as (
    select * from {{ ref('dim_customer') }}
),

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        customers.ultimate_parent_id,
        customers.as_of_date,
        customers.customer_name,
        customers.relationship_type,
        customers.country_code,
        customers.region,
        customers.postal_code,
        customers.industry_code,
        customers.legal_form,
        customers.owner_area,
        customers.has_owner,
        customers.entity_count,
        customers.account_count,
        customers.is_wish_customer,
        customers.method_version
    from customers
    inner join dates on customers.as_of_date = dates.as_of_date
    union all
    select
        '(unassigned)' as ultimate_parent_id,
        dates.as_of_date,
        '(unassigned)' as customer_name,
        'unassigned' as relationship_type,
        null as country_code,
        null as region,
        null as postal_code,
        null as industry_code,
        null as legal_form,
        null as owner_area,
        null as has_owner,
        null as entity_count,
        null as account_count,
        null as is_wish_customer,
        parameters.method_version
    from dates
    cross join parameters
)

select * from final
