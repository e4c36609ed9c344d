-- One row per criterion of config/portfolio.yml: what it is called, and where its level comes from.
with

criteria as (
    select * from {{ ref('stg_settings__scorecard_criteria') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        criteria.criterion_id,
        coalesce(max(criteria.name_en), criteria.criterion_id) as label_en,
        coalesce(max(criteria.name_de), criteria.criterion_id) as label_de,
        max(criteria.method) as method,
        max(criteria.measure) as measure,
        parameters.method_version
    from criteria
    cross join parameters
    group by criteria.criterion_id, parameters.method_version
)

select * from final
