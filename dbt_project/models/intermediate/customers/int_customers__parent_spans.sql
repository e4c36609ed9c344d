-- One row per customer id, ultimate parent and span of as-of dates in which it belonged to it without a break.
with

customers as (
    select * from {{ ref('int_customers__as_of') }}
),

spans as (
    {{ parent_spans('customers', 'customer_id') }}
)

select * from spans
