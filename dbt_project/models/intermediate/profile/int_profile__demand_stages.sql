-- One row per as-of date, scored parent, product group and stage: need, demand, effective demand (each the latest estimate of each
-- account, added), potential (what of the effective demand is achievable) and revenue won; a stage nobody estimated is NULL (METHOD 1.18).
{#
    A stage stands for itself: where the share of wallet falls back on a demand, effective demand and potential are still not known.
    Revenue is known of every group that is listed; below 0 nothing was won.
#}
{% set stages = [
    ('need', 'need_amount', 'need_valid_from'),
    ('demand', 'demand_amount', 'demand_valid_from'),
    ('effective_demand', 'effective_amount', 'effective_valid_from'),
    ('potential', 'potential_amount', 'effective_valid_from'),
    ('revenue', 'won_amount', 'null'),
] %}
with

parents as (
    select * from {{ ref('int_customers__parents') }}
    where is_scored and {{ is_shown() }}
),

estimates as (
    select * from {{ ref('int_potential__estimates_in_use') }}
    where valid_on = as_of_date and not is_stage_repeated
),

-- A revenue that nobody delivers is not known, also of a product group that nobody bought.
depths as (
    select as_of_date, is_revenue_known from {{ ref('int_contribution__depth') }}
),

product_groups as (
    {{ of_shown_dates(ref('int_potential__product_group')) }}
),

estimated as (
    select
        estimates.as_of_date,
        estimates.ultimate_parent_id,
        estimates.product_group,
        {% for stage, name in [('need', 'need'), ('demand', 'demand'), ('effective_demand', 'effective')] -%}
        sum(case when estimates.demand_stage = '{{ stage }}' then estimates.annual_demand end) as {{ name }}_amount,
        min(case when estimates.demand_stage = '{{ stage }}' then estimates.valid_from end) as {{ name }}_valid_from,
        {% endfor -%}
        sum(case when estimates.demand_stage = 'effective_demand' then estimates.achievable_demand end) as achievable_demand
    from estimates
    inner join parents
        on
            estimates.as_of_date = parents.as_of_date
            and estimates.ultimate_parent_id = parents.ultimate_parent_id
    group by estimates.as_of_date, estimates.ultimate_parent_id, estimates.product_group
),

pairs as (
    select as_of_date, ultimate_parent_id, product_group from product_groups
    union
    select as_of_date, ultimate_parent_id, product_group from estimated
),

amounts as (
    {%- set won = "case when coalesce(depths.is_revenue_known, true) or parents.relationship_type = 'lead' then coalesce(product_groups.net_revenue, 0) end" %}
    select
        pairs.as_of_date,
        pairs.ultimate_parent_id,
        pairs.product_group,
        estimated.need_amount,
        estimated.need_valid_from,
        estimated.demand_amount,
        estimated.demand_valid_from,
        estimated.effective_amount,
        estimated.effective_valid_from,
        -- A share below the current one counts as the current one, and no share is above 1.
        case
            when estimated.effective_amount is not null and {{ won }} is not null
                then round(greatest(
                    estimated.achievable_demand,
                    {{ capped_revenue(won, 'estimated.effective_amount') }}
                ), 2)
        end as potential_amount,
        case when {{ won }} is not null then greatest({{ won }}, 0) end as won_amount
    from pairs
    left join depths on pairs.as_of_date = depths.as_of_date
    left join parents
        on
            pairs.as_of_date = parents.as_of_date
            and pairs.ultimate_parent_id = parents.ultimate_parent_id
    left join product_groups
        on
            pairs.as_of_date = product_groups.as_of_date
            and pairs.ultimate_parent_id = product_groups.ultimate_parent_id
            and pairs.product_group = product_groups.product_group
    left join estimated
        on
            pairs.as_of_date = estimated.as_of_date
            and pairs.ultimate_parent_id = estimated.ultimate_parent_id
            and pairs.product_group = estimated.product_group
),

numbered as (
    {% for stage, amount, valid_from in stages -%}
    select
        as_of_date,
        ultimate_parent_id,
        product_group,
        '{{ stage }}' as demand_stage,
        {{ loop.index }} as stage_number,
        {{ money(amount) }} as stage_amount,
        cast({{ valid_from }} as date) as estimate_valid_from
    from amounts
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select * from numbered
