-- One row per as-of date and claim of the method's texts: does it hold in this company's own data? The difference of two groups' means,
-- its interval, the size of both, and what may be said of it.
with

tests as (
    select * from {{ ref('int_profile__claim_tests') }}
),

texts as (
    select * from {{ ref('vocabulary_codes') }}
    where code_group = 'claim'
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        tests.as_of_date,
        tests.claim_id,
        texts.label_en as claim_en,
        texts.label_de as claim_de,
        texts.meaning_en as groups_en,
        texts.meaning_de as groups_de,
        case
            when tests.claim_id like 'well_%' or tests.claim_id like 'loyal_%' then 'S0'
            when tests.claim_id like 'small_%' then 'S2'
            else 'S3'
        end as source_text,
        'ratio' as claim_unit,
        tests.n1,
        tests.n2,
        tests.difference,
        tests.interval_low,
        tests.interval_high,
        tests.verdict,
        tests.n1 as customers_a,
        tests.n2 as customers_b,
        tests.value_1 as value_a,
        tests.value_2 as value_b,
        tests.difference as value_difference,
        case tests.verdict when 'supported' then true when 'contradicted' then false end as is_claim_true,
        least(tests.n1, tests.n2) < parameters.claims_small_sample_below as is_small_sample,
        {{ is_latest('tests') }} as is_latest,
        parameters.method_version
    from tests
    left join texts on tests.claim_id = texts.code
    cross join parameters
)

select * from final
