-- One row per customer id of the ERP, also merged ones and pure group nodes, as of the latest as-of date: which customer it belongs to.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
    where is_latest
),

entities as (
    select * from {{ ref('int_customers__as_of') }}
),

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_latest
),

relationship_types as (
    select * from {{ ref('vocabulary_codes') }}
    where code_group = 'relationship_type'
),

revenue as (
    select
        months.customer_id,
        {{ money('sum(months.net_revenue)') }} as net_revenue
    from {{ ref('fct_customer_contribution') }} as months
    inner join dates on months.month_start between dates.window_start and dates.as_of_date
    where months.customer_id is not null
    group by months.customer_id
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        entities.customer_id,
        entities.as_of_date,
        coalesce(entities.customer_name, entities.customer_id) as entity_name,
        entities.ultimate_parent_id,
        parents.customer_name,
        entities.customer_id = entities.ultimate_parent_id as is_ultimate_parent,
        entities.survivor_customer_id,
        entities.hierarchy_depth,
        entities.is_delivered as is_entity_delivered,
        entities.relationship_type,
        relationship_types.label_en as relationship_type_en,
        relationship_types.label_de as relationship_type_de,
        entities.currency_code as entity_currency_code,
        entities.country_code,
        entities.region,
        entities.postal_code,
        entities.industry_code,
        entities.legal_form,
        entities.first_invoice_date,
        entities.payment_terms_days,
        entities.credit_limit as entity_credit_limit,
        revenue.net_revenue as entity_net_revenue,
        parameters.method_version
    from entities
    inner join dates on entities.as_of_date = dates.as_of_date
    cross join parameters
    left join parents on entities.ultimate_parent_id = parents.ultimate_parent_id
    left join relationship_types on entities.relationship_type = relationship_types.code
    left join revenue on entities.customer_id = revenue.customer_id
)

select * from final
