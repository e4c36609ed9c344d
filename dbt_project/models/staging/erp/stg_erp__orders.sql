-- One row per version of an order, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'orders'), 'orders', ['order_id']) }}
),

renamed as (
    select
        -- keys
        order_id,
        customer_id,
        -- classes
        channel,
        -- counts
        change_count,
        error_count,
        -- dates
        order_date,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
