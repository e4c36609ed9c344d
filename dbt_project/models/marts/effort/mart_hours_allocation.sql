-- One row per as-of date and score object: the field hours of next year, the plan's minimum first, the rest where potential and
-- elasticity are (METHOD 1.13).
with

needs as (
    select * from {{ ref('int_effort__allocation_needs') }}
),

allocated as (
    select * from {{ ref('int_effort__allocation') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        needs.as_of_date,
        needs.ultimate_parent_id,
        needs.service_zone,
        needs.minimum_hours,
        {{ money('needs.potential_contribution') }} as potential_contribution,
        needs.allocation_elasticity,
        allocated.allocation_weight_ratio,
        allocated.ideal_rest_hours,
        allocated.allocated_field_hours,
        {{ portfolio_key('needs') }} as portfolio_key,
        {{ is_latest('needs') }} as is_latest,
        parameters.method_version
    from needs
    inner join allocated
        on
            needs.as_of_date = allocated.as_of_date
            and needs.ultimate_parent_id = allocated.ultimate_parent_id
    cross join parameters
)

select * from final
