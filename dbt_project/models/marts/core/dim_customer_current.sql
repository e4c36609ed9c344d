-- One row per ultimate parent of the latest as-of date: who the score object is, without any figure a join could repeat.
with

customers as (
    select * from {{ ref('dim_customer') }}
),

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
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
)

select * from final
