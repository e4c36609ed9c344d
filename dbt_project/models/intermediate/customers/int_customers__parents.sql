-- One row per as-of date and ultimate parent: the score object of the method, customers, leads and own companies alike.
with

dates as (
    select * from {{ ref('stg_control__as_of_dates') }}
),

{#- A merged id lives on in its survivor and says nothing of its own. #}
{% set is_entity = 'is_delivered and customer_id = survivor_customer_id' %}

entities as (
    select
        customers.*,
        row_number() over (
            partition by as_of_date, ultimate_parent_id
            order by case when customer_id = ultimate_parent_id then 0 else 1 end, customer_id
        ) as position
    from {{ ref('int_customers__as_of') }} as customers
    where {{ is_entity }}
),

customer_parents as (
    select
        as_of_date,
        ultimate_parent_id,
        case
            when count_if(relationship_type = 'customer') > 0 then 'customer'
            when count_if(relationship_type = 'lead') > 0 then 'lead'
            else 'intercompany'
        end as relationship_type,
        max(case when position = 1 then customer_name end) as customer_name,
        max(case when position = 1 then currency_code end) as currency_code,
        max(case when position = 1 then country_code end) as country_code,
        max(case when position = 1 then region end) as region,
        max(case when position = 1 then postal_code end) as postal_code,
        max(case when position = 1 then industry_code end) as industry_code,
        max(case when position = 1 then legal_form end) as legal_form,
        max(case when position = 1 then owner_rep_key end) as owner_rep_key,
        max(credit_index) as credit_index,
        max(payment_terms_days) as payment_terms_days,
        min(insolvent_from) as insolvent_from,
        case when count(*) = count(blocked_from) then max(blocked_from) end as blocked_from,
        max(case when is_key_account then 1 when not is_key_account then 0 end) as key_account_mark,
        {{ whole('count(*)') }} as entity_count
    from entities
    group by as_of_date, ultimate_parent_id
),

-- Once more, because what is read twice is held in memory, with everything that is known of it.
customer_ids as (
    select distinct as_of_date, ultimate_parent_id
    from {{ ref('int_customers__as_of') }}
    where {{ is_entity }}
),

-- But it was the same customer: whoever got a new id keeps the years under the old one.
first_invoices as (
    select
        as_of_date,
        ultimate_parent_id,
        min(first_invoice_date) as first_invoice_date
    from {{ ref('int_customers__as_of') }}
    group by as_of_date, ultimate_parent_id
),

lead_parents as (
    select
        as_of_date,
        ultimate_parent_id,
        max(account_name) as customer_name,
        max(owner_rep_key) as owner_rep_key
    from {{ ref('int_customers__accounts') }}
    where is_lead_account
    group by as_of_date, ultimate_parent_id
),

crm_facts as (
    select
        as_of_date,
        ultimate_parent_id,
        -- One account still pursued keeps the lead.
        count_if(lead_status = 'disqualified') > 0 and count_if(lead_status <> 'disqualified') = 0 as is_disqualified,
        max(case when is_wish_customer then 1 else 0 end) = 1 as is_wish_customer,
        max(owner_rep_key) as crm_owner_rep_key,
        {{ whole('count(*)') }} as account_count
    from {{ ref('int_customers__accounts') }}
    where ultimate_parent_id is not null
    group by as_of_date, ultimate_parent_id
),

all_parents as (
    select
        customer_parents.as_of_date,
        customer_parents.ultimate_parent_id,
        customer_parents.relationship_type,
        customer_parents.customer_name,
        customer_parents.currency_code,
        customer_parents.country_code,
        customer_parents.region,
        customer_parents.postal_code,
        customer_parents.industry_code,
        customer_parents.legal_form,
        customer_parents.owner_rep_key,
        first_invoices.first_invoice_date,
        customer_parents.credit_index,
        customer_parents.payment_terms_days,
        customer_parents.insolvent_from,
        customer_parents.blocked_from,
        customer_parents.key_account_mark,
        customer_parents.entity_count
    from customer_parents
    left join first_invoices
        on
            customer_parents.as_of_date = first_invoices.as_of_date
            and customer_parents.ultimate_parent_id = first_invoices.ultimate_parent_id
    union all
    select
        lead_parents.as_of_date,
        lead_parents.ultimate_parent_id,
        'lead' as relationship_type,
        lead_parents.customer_name,
        null as currency_code,
        null as country_code,
        null as region,
        null as postal_code,
        null as industry_code,
        null as legal_form,
        lead_parents.owner_rep_key,
        null as first_invoice_date,
        null as credit_index,
        null as payment_terms_days,
        null as insolvent_from,
        null as blocked_from,
        null as key_account_mark,
        0 as entity_count
    from lead_parents
    left join customer_ids
        on
            lead_parents.as_of_date = customer_ids.as_of_date
            and lead_parents.ultimate_parent_id = customer_ids.ultimate_parent_id
    where customer_ids.ultimate_parent_id is null
),

described as (
    select
        all_parents.as_of_date,
        dates.known_at,
        dates.is_latest,
        dates.is_shown,
        dates.is_compared,
        dates.compared_with,
        all_parents.ultimate_parent_id,
        all_parents.relationship_type,
        all_parents.relationship_type in ('customer', 'lead') as is_scored,
        case when all_parents.relationship_type in ('customer', 'lead') then all_parents.relationship_type end as scorecard,
        coalesce(all_parents.customer_name, all_parents.ultimate_parent_id) as customer_name,
        all_parents.currency_code,
        all_parents.country_code,
        all_parents.region,
        all_parents.postal_code,
        all_parents.industry_code,
        all_parents.legal_form,
        coalesce(all_parents.owner_rep_key, crm_facts.crm_owner_rep_key) as owner_rep_key,
        all_parents.first_invoice_date,
        all_parents.credit_index,
        all_parents.payment_terms_days,
        all_parents.insolvent_from,
        all_parents.blocked_from,
        case all_parents.key_account_mark when 1 then true when 0 then false end as is_declared_key_account,
        all_parents.entity_count,
        coalesce(crm_facts.is_disqualified, false) and all_parents.relationship_type = 'lead' as is_disqualified_lead,
        crm_facts.is_wish_customer,
        coalesce(crm_facts.account_count, 0) as account_count
    from all_parents
    inner join dates on all_parents.as_of_date = dates.as_of_date
    left join crm_facts
        on
            all_parents.as_of_date = crm_facts.as_of_date
            and all_parents.ultimate_parent_id = crm_facts.ultimate_parent_id
)

select * from described
