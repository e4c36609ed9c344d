-- One row per as-of date and rater with enough ratings of what others rated, too: how far they rate above or below everybody on the
-- same customers, and how often they agree. Raters are pseudonyms, in their order: this ranks nobody. No row at all unless the setting
-- allows pseudonyms (METHOD 1.16, 1.17).
with

raters as (
    select * from {{ ref('int_input_checks__raters') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        raters.as_of_date,
        raters.rater_key,
        raters.common_ratings,
        raters.bias_levels,
        raters.agreement_ratio,
        {{ is_latest('raters') }} as is_latest,
        parameters.method_version
    from raters
    cross join parameters
    where parameters.sales_input_detail = 'pseudonym'
)

select * from final
