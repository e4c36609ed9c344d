-- One row per version of an ERP customer (a legal entity), with the time in which it was what we knew. Of a company that delivers none, the
-- customers its CRM's accounts name, of whom nothing else is known.
with

versions as (
    {{ known_versions(source('erp', 'customers'), 'customers', ['customer_id']) }}
),

account_versions as (
    {{ known_versions(source('crm', 'accounts'), 'accounts', ['account_id']) }}
),

-- Several accounts of a customer are one of it.
named_by_accounts as (
    select
        customer_id,
        min(account_name) as customer_name,
        known_from,
        known_to
    from account_versions
    where
        customer_id is not null
        and not exists (select 1 from {{ source('erp', 'customers') }})
    group by customer_id, known_from, known_to
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
    union all
    select
        customer_id,
        customer_name,
        'customer' as relationship_type,
        {%- for column in ['currency_code', 'country_code', 'region', 'postal_code', 'industry_code', 'legal_form'] %}
        null as {{ column }},
        {%- endfor %}
        null as credit_index,
        null as credit_limit,
        null as payment_terms_days,
        null as is_key_account,
        null as first_invoice_date,
        null as insolvent_from,
        null as blocked_from,
        null as owner_rep_key,
        known_from,
        known_to
    from named_by_accounts
)

select * from renamed
