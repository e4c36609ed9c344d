-- One row per as-of date and lapsed parent: contribution and revenue of the 12 months up to its last order (METHOD 1.18).
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored
),

unknown as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ money('null') }} as customer_contribution_to_last_order,
        {{ money('null') }} as net_revenue_to_last_order
    from parents
)

select * from unknown
