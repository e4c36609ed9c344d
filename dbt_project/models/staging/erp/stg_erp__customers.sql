-- One row per version of an ERP customer (a legal entity), with the time in which it was what we knew.
with

versions as (
    {{ known_versions(source('erp', 'customers'), 'customers', ['customer_id']) }}
),

renamed as (
    select
        -- keys
        customer_id,
        -- names and classes
        customer_name,
        relationship_type,
        currency_code,
        country_code,
        region,
        postal_code,
        industry_code,
        legal_form,
        -- terms
        credit_index,
        credit_limit,
        payment_terms_days,
        -- flags
        is_key_account,
        -- dates
        first_invoice_date,
        insolvent_from,
        blocked_from,
        -- people (pseudonyms)
        owner_rep_key,
        -- knowledge
        known_from,
        known_to
    from versions
)

select * from renamed
