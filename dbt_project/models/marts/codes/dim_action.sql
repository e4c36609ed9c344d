-- One row per recommended action: its place in the order people read it, what it is called and what it means, in the company's own
-- words where it has some.
with

codes as (
    select * from {{ ref('vocabulary_codes') }}
    where code_group = 'action'
),

actions as (
    select * from {{ ref('stg_settings__actions') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        codes.code as recommended_action,
        codes.sort_order,
        coalesce(actions.text_en, codes.label_en) as label_en,
        coalesce(actions.text_de, codes.label_de) as label_de,
        codes.meaning_en,
        codes.meaning_de,
        parameters.method_version
    from codes
    cross join parameters
    left join actions on codes.code = actions.action_key
)

select * from final
