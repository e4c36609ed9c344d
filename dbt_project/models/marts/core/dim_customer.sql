-- One row per as-of date and ultimate parent: who the score object is.
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where {{ is_shown() }}
),

reps as (
    select dates.as_of_date, reps.rep_key, reps.team
    from {{ ref('stg_control__as_of_dates') }} as dates
    inner join {{ ref('stg_crm__sales_reps') }} as reps on {{ is_known('reps', 'dates') }}
),

areas as (
    select * from {{ ref('int_effort__areas') }}
),

contributions as (
    select * from {{ ref('int_contribution__parent') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        parents.as_of_date,
        parents.ultimate_parent_id,
        {{ portfolio_key('parents') }} as portfolio_key,
        parents.customer_name,
        parents.relationship_type,
        parents.country_code,
        parents.region,
        parents.postal_code,
        parents.industry_code,
        parents.legal_form,
        areas.owner_area,
        parents.owner_rep_key is not null as has_owner,
        parents.entity_count,
        parents.account_count,
        parents.is_wish_customer,
        contributions.net_revenue,
        {{ is_latest('parents') }} as is_latest,
        parameters.method_version
    from parents
    inner join contributions
        on
            parents.as_of_date = contributions.as_of_date
            and parents.ultimate_parent_id = contributions.ultimate_parent_id
    cross join parameters
    left join reps
        on
            parents.as_of_date = reps.as_of_date
            and parents.owner_rep_key = reps.rep_key
    left join areas
        on
            reps.as_of_date = areas.as_of_date
            and reps.team = areas.area
)

select * from final
