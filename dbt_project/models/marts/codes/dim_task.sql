-- One row per task of the work list: its place in the order people read it, what it is called and what it means.
with

codes as (
    select * from {{ ref('vocabulary_codes') }}
    where code_group = 'task'
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        codes.code as task,
        codes.sort_order,
        codes.label_en,
        codes.label_de,
        codes.meaning_en,
        codes.meaning_de,
        parameters.method_version
    from codes
    cross join parameters
)

select * from final
