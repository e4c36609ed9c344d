-- One row per as-of date and score object: the five areas of the customer description, the five principles, and how complete and how
-- old it is.
{#
    What is asked of everybody, and what only of who buys from us: a lead has no invoices, no payments and no price. One list per
    ratio; a field is known when its expression is true.
#}
{% set fields = [
    'customers.industry_code is not null',
    'customers.region is not null',
    'customers.legal_form is not null',
    'customers.has_owner',
    'crm.referrals is not null',
    'contacts.contact_count > 0',
    'contacts.decision_maker_access_level is not null',
    'funnel.annual_need is not null',
    'funnel.annual_wish is not null',
    'potential.annual_demand is not null',
    'views.staff_rating_level is not null',
] %}
{% set customer_fields = [
    'offerings.fascination_index is not null',
    'views.customer_rating_level is not null',
    'parents.credit_index is not null',
    'parents.payment_terms_days is not null',
    'payment.weighted_days_beyond_terms is not null',
    'contributions.contribution_4_margin_ratio is not null',
] %}
{% set sources = [
    'parents.account_count > 0',
    'contacts.contact_count > 0',
    'effort.last_contact_date is not null',
    'views.staff_rating_level is not null',
    'potential.annual_demand is not null',
] %}
{% set customer_sources = [
    'loyalty.last_invoice_date is not null',
    'loyalty.last_order_date is not null',
    'payment.items_due > 0',
    'offerings.offerings_rated > 0',
    'views.customer_rating_level is not null',
] %}
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

consequences as (
    select * from {{ ref('int_value__consequences') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

potential as (
    select * from {{ ref('int_potential__parent') }}
),

penetration as (
    select * from {{ ref('int_potential__penetration') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

effort as (
    select * from {{ ref('int_effort__parent') }}
),

payment as (
    select * from {{ ref('int_finance__payment') }}
),

profitability as (
    select * from {{ ref('int_profile__profitability') }}
),

crm as (
    select * from {{ ref('int_profile__crm') }}
),

contacts as (
    select * from {{ ref('int_profile__contacts') }}
),

offerings as (
    select * from {{ ref('int_profile__offerings') }}
),

views as (
    select * from {{ ref('int_profile__rating_views') }}
),

ages as (
    select * from {{ ref('int_profile__ages') }}
),

overrides as (
    select * from {{ ref('int_zones__overrides') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

funnel as (
    select
        as_of_date,
        ultimate_parent_id,
        {{ money("sum(case when demand_stage = 'need' then stage_amount end)") }} as annual_need,
        {{ money("sum(case when demand_stage = 'demand' then stage_amount end)") }} as annual_wish
    from {{ ref('int_profile__demand_stages') }}
    group by as_of_date, ultimate_parent_id
),

described as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        customers.customer_name,
        customers.relationship_type,
        consequences.customer_status,
        customers.industry_code,
        customers.legal_form,
        customers.country_code,
        customers.region,
        customers.owner_area,
        customers.entity_count,
        loyalty.customer_since,
        customers.is_wish_customer,
        crm.referrals,
        crm.has_co_development,
        crm.has_co_marketing,
        contacts.contact_count,
        contacts.initiator_contacts,
        contacts.user_contacts,
        contacts.influencer_contacts,
        contacts.buyer_contacts,
        contacts.decider_contacts,
        contacts.gatekeeper_contacts,
        contacts.role_coverage_ratio,
        contacts.decision_maker_access_level,
        contacts.external_contacts,
        contacts.informal_contacts,
        offerings.offerings_rated,
        offerings.fascination_index,
        offerings.basic_share_ratio,
        offerings.differentiating_share_ratio,
        offerings.delighting_share_ratio,
        offerings.fascinating_share_ratio,
        offerings.parity_better_ratio,
        offerings.parity_worse_ratio,
        offerings.offering_gaps,
        funnel.annual_need,
        funnel.annual_wish,
        potential.annual_demand,
        potential.potential_revenue,
        contributions.net_revenue,
        contributions.contribution_4,
        contributions.contribution_4_margin_ratio,
        parents.credit_index,
        parents.payment_terms_days,
        payment.weighted_days_beyond_terms,
        contributions.price_realisation_ratio,
        contributions.discount_rate_ratio,
        {{ known_and_asked('parents.relationship_type', sources, customer_sources, 'sources') }},
        case
            when contributions.net_revenue > 0 and potential.potential_revenue > 0
                then {{ ratio(exact_div('contributions.net_revenue', 'potential.potential_revenue')) }}
        end as exploitation_ratio,
        penetration.penetration_ratio,
        profitability.profitable_months,
        {{ whole(number_that_hold([
            'overrides.override_zone is not null',
            'crm.is_in_running_campaign',
            'crm.has_co_development',
            'crm.has_co_marketing',
        ])) }} as individual_treatments,
        views.customer_rating_level,
        views.customer_rated_criteria,
        views.staff_rating_level,
        views.staff_rated_criteria,
        views.customer_minus_staff_rating,
        {{ known_and_asked('parents.relationship_type', fields, customer_fields, 'fields') }},
        ages.oldest_field,
        ages.oldest_field_age_days,
        {{ portfolio_key('parents') }} as portfolio_key,
        {{ is_latest('parents') }} as is_latest,
        parameters.method_version
    from parents
    inner join customers
        on
            parents.as_of_date = customers.as_of_date
            and parents.ultimate_parent_id = customers.ultimate_parent_id
    inner join consequences
        on
            parents.as_of_date = consequences.as_of_date
            and parents.ultimate_parent_id = consequences.ultimate_parent_id
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    inner join potential
        on
            parents.as_of_date = potential.as_of_date
            and parents.ultimate_parent_id = potential.ultimate_parent_id
    inner join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    inner join effort
        on
            parents.as_of_date = effort.as_of_date
            and parents.ultimate_parent_id = effort.ultimate_parent_id
    cross join parameters
    {%- for name in ['penetration', 'payment', 'profitability', 'crm', 'contacts', 'offerings', 'views', 'ages', 'overrides', 'funnel'] %}
    left join {{ name }}
        on
            parents.as_of_date = {{ name }}.as_of_date
            and parents.ultimate_parent_id = {{ name }}.ultimate_parent_id
    {%- endfor %}
),

final as (
    select
        as_of_date,
        ultimate_parent_id,
        -- company
        customer_name,
        relationship_type,
        customer_status,
        industry_code,
        legal_form,
        country_code,
        region,
        owner_area,
        entity_count,
        customer_since,
        is_wish_customer,
        referrals,
        has_co_development,
        has_co_marketing,
        -- buying centre
        contact_count,
        initiator_contacts,
        user_contacts,
        influencer_contacts,
        buyer_contacts,
        decider_contacts,
        gatekeeper_contacts,
        role_coverage_ratio,
        decision_maker_access_level,
        external_contacts,
        informal_contacts,
        -- fascination
        offerings_rated,
        fascination_index,
        basic_share_ratio,
        differentiating_share_ratio,
        delighting_share_ratio,
        fascinating_share_ratio,
        parity_better_ratio,
        parity_worse_ratio,
        offering_gaps,
        -- need, demand, effective demand, potential
        annual_need,
        annual_wish,
        annual_demand,
        potential_revenue,
        -- finance
        net_revenue,
        contribution_4,
        contribution_4_margin_ratio,
        credit_index,
        payment_terms_days,
        weighted_days_beyond_terms,
        price_realisation_ratio,
        discount_rate_ratio,
        -- five principles
        {{ ratio(exact_div('sources_known', 'sources_asked')) }} as exchange_completeness_ratio,
        exploitation_ratio,
        penetration_ratio,
        profitable_months,
        individual_treatments,
        -- the customer's own view, apart from our staff's
        customer_rating_level,
        customer_rated_criteria,
        staff_rating_level,
        staff_rated_criteria,
        customer_minus_staff_rating,
        -- how far to believe it
        {{ ratio(exact_div('fields_known', 'fields_asked')) }} as profile_completeness_ratio,
        oldest_field,
        oldest_field_age_days,
        portfolio_key,
        is_latest,
        method_version
    from described
)

select * from final
