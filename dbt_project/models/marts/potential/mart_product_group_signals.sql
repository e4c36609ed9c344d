-- One row per as-of date, customer and product group it buys nothing of, although it did a year before or most of its look-alikes do.
with

signals as (
    select * from {{ ref('int_potential__signals') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

final as (
    select
        signals.as_of_date,
        signals.ultimate_parent_id,
        signals.product_group,
        signals.group_signal,
        signals.likely_revenue,
        signals.look_alike_buyers,
        signals.look_alikes,
        {{ is_latest('signals') }} as is_latest,
        parameters.method_version
    from signals
    cross join parameters
)

select * from final
