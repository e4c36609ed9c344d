-- One row per company (the one there is): what an order date is, the table orders or, where none was ever delivered, its invoices
-- (METHOD 1.12).
with

source_coverage as (
    select * from {{ ref('stg_control__source_coverage') }}
),

-- For the whole company, never per customer: a customer without an order in a table of orders has none.
chosen as (
    select
        case
            when count_if(table_name = 'orders' and is_mapped and is_delivered) > 0 then 'orders'
            else 'invoices'
        end as order_basis
    from source_coverage
)

select * from chosen
