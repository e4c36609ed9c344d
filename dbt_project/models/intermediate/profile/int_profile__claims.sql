-- One row per as-of date and customer: every measure a claim of the texts is checked with, side by side.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where relationship_type = 'customer' and {{ is_shown() }}
),

measures as (
    select * from {{ ref('int_scores__measures') }}
),

customer_values as (
    select * from {{ ref('int_value__customer') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

small_customers as (
    select * from {{ ref('int_effort__small_customers') }}
),

effort as (
    select * from {{ ref('int_effort__parent') }}
),

crm as (
    select * from {{ ref('int_profile__crm') }}
),

contacts as (
    select * from {{ ref('int_profile__contacts') }}
),

ratings as (
    select
        as_of_date,
        ultimate_parent_id,
        max(case when criterion_id = 'satisfaction' then level end) as satisfaction_level,
        max(case when criterion_id = 'perceived_benefit' then level end) as perceived_benefit_level
    from {{ ref('int_scores__rating_levels') }}
    group by as_of_date, ultimate_parent_id
),

joined as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        measures.net_revenue,
        measures.contribution_4_margin_ratio,
        measures.price_realisation_ratio,
        measures.weighted_days_beyond_terms,
        measures.revenue_yoy,
        measures.sow_capped_ratio,
        customer_values.contribution_4,
        customer_values.rank_contribution_4,
        customer_values.abc_class,
        loyalty.loyalty_level,
        loyalty.churn_risk,
        small_customers.is_small_customer,
        effort.contact_gap_breach,
        crm.referrals,
        contacts.decision_maker_access_level,
        ratings.satisfaction_level,
        ratings.perceived_benefit_level
    from parents
    inner join measures
        on
            parents.as_of_date = measures.as_of_date
            and parents.ultimate_parent_id = measures.ultimate_parent_id
    inner join customer_values
        on
            parents.as_of_date = customer_values.as_of_date
            and parents.ultimate_parent_id = customer_values.ultimate_parent_id
    inner join loyalty
        on
            parents.as_of_date = loyalty.as_of_date
            and parents.ultimate_parent_id = loyalty.ultimate_parent_id
    inner join small_customers
        on
            parents.as_of_date = small_customers.as_of_date
            and parents.ultimate_parent_id = small_customers.ultimate_parent_id
    inner join effort
        on
            parents.as_of_date = effort.as_of_date
            and parents.ultimate_parent_id = effort.ultimate_parent_id
    {%- for name in ['crm', 'contacts', 'ratings'] %}
    left join {{ name }}
        on
            parents.as_of_date = {{ name }}.as_of_date
            and parents.ultimate_parent_id = {{ name }}.ultimate_parent_id
    {%- endfor %}
),

placed as (
    select
        joined.*,
        -- Faster than the average customer, the mean over those who had something to pay; compared without a division.
        weighted_days_beyond_terms * count(weighted_days_beyond_terms) over (partition by as_of_date)
        < sum(weighted_days_beyond_terms) over (partition by as_of_date) as is_fast_payer,
        -- The fifth of the customers with the highest contribution.
        rank_contribution_4 * 5 <= count(*) over (partition by as_of_date) as is_top_fifth
    from joined
)

select * from placed
