-- One row per as-of date and statement about customers: of how many it could be asked, and of how many it is true (METHOD 0, 10).
with

dangers as (
    select * from {{ ref('mart_abc_vs_value') }}
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

{% set statements = {
    'danger_1': 'danger_1_high_revenue_negative_contribution',
    'danger_2': 'danger_2_declining_or_weak_credit',
    'danger_3': 'danger_3_order_behaviour',
    'danger_4': 'danger_4_c_class_high_potential',
} %}

counted as (
    {%- for statement, column in statements.items() %}
    select
        as_of_date,
        '{{ statement }}' as statement,
        {{ whole('count(*)') }} as statement_customers,
        {{ whole('count(' ~ column ~ ')') }} as customers_judged,
        {{ whole('count(case when ' ~ column ~ ' then 1 end)') }} as customers_true
    from dangers
    group by as_of_date
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        counted.as_of_date,
        counted.statement,
        counted.statement_customers,
        counted.customers_judged,
        counted.customers_true,
        {{ is_latest('counted') }} as is_latest,
        parameters.method_version
    from counted
    cross join parameters
)

select * from final
