-- One row per as-of date, score object, product group and stage: need, demand, effective demand, potential and revenue won. A stage nobody
-- estimated has no amount, and nothing is passed on across it.
with

stages as (
    select * from {{ ref('int_profile__demand_stages') }}
),

product_groups as (
    select * from {{ ref('int_potential__product_group') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

linked as (
    select
        stages.as_of_date,
        stages.ultimate_parent_id,
        stages.product_group,
        stages.demand_stage,
        stages.stage_number,
        stages.stage_amount,
        stages.estimate_valid_from,
        stages_before.stage_amount as amount_before,
        count_if(stages.demand_stage = 'revenue' and stages.stage_amount is null) over (
            partition by stages.as_of_date, stages.ultimate_parent_id, stages.product_group
        ) > 0 as is_won_unknown
    from stages
    left join stages as stages_before
        on
            stages.as_of_date = stages_before.as_of_date
            and stages.ultimate_parent_id = stages_before.ultimate_parent_id
            and stages.product_group = stages_before.product_group
            and stages.stage_number = stages_before.stage_number + 1
),

final as (
    select
        linked.as_of_date,
        linked.ultimate_parent_id,
        linked.product_group,
        linked.demand_stage,
        cast(linked.stage_number as integer) as stage_number,
        linked.stage_amount,
        case
            when linked.stage_amount <= linked.amount_before
                then {{ ratio(exact_div('linked.stage_amount', 'linked.amount_before')) }}
        end as passed_on_ratio,
        coalesce(linked.stage_amount > linked.amount_before, false) as is_stage_contradicted,
        {{ money('case when not linked.is_won_unknown then coalesce(product_groups.net_revenue, 0) end') }} as net_revenue,
        linked.estimate_valid_from,
        {{ is_latest('linked') }} as is_latest,
        parameters.method_version
    from linked
    cross join parameters
    left join product_groups
        on
            linked.as_of_date = product_groups.as_of_date
            and linked.ultimate_parent_id = product_groups.ultimate_parent_id
            and linked.product_group = product_groups.product_group
)

select * from final
