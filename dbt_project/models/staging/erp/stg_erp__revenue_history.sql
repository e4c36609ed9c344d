-- One row per version of a fiscal year's revenue of a customer whose lines are not delivered, with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'revenue_history'), 'revenue_history', ['customer_id', 'fiscal_year']) }}
),

renamed as (
    select
        -- keys
        customer_id,
        fiscal_year,
        -- amounts
        net_revenue,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
