-- One row per as-of date and step of the programme: S1's cockpit of six steps, each with its measure, what it is asked for, and whether it
-- is done; NULL is not known.
with

steps as (
    select * from {{ ref('int_campaigns__programme') }}
),

texts as (
    select * from {{ ref('vocabulary_codes') }}
    where code_group = 'programme_step'
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        steps.as_of_date,
        steps.step_number,
        steps.step,
        texts.label_en as step_en,
        texts.label_de as step_de,
        steps.measure,
        steps.target,
        steps.is_done,
        steps.agreed_on,
        steps.running_programmes,
        steps.programmes_in_year,
        steps.programmes_allowed,
        steps.ended_campaigns,
        {{ is_latest('steps') }} as is_latest,
        parameters.method_version
    from steps
    left join texts on steps.step = texts.code
    cross join parameters
)

select * from final
