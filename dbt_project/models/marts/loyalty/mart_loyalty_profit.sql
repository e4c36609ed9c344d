-- One row per as-of date, loyalty level and class of margin in which a customer stands: how many they are, what they buy and what they
-- bring, and which of the four fields of loyalty against profit it is.
with

customers as (
    select * from {{ ref('int_value__customer') }}
),

loyalty as (
    select * from {{ ref('int_loyalty__parent') }}
),

-- The margin's class is the level it has in what the customer is worth to us (METHOD 1.9): the company's own bounds, the same in every month.
margin_criteria as (
    select distinct criterion_id from {{ ref('stg_settings__scorecard_criteria') }}
    where
        scorecard = 'customer'
        and axis = 'value_of_customer'
        and measure in ('contribution_4_margin_ratio', 'customer_contribution_margin_ratio')
),

margins as (
    select
        levels.as_of_date,
        levels.ultimate_parent_id,
        min(levels.level) as margin_level
    from {{ ref('int_scores__levels') }} as levels
    inner join margin_criteria on levels.criterion_id = margin_criteria.criterion_id
    where levels.axis = 'value_of_customer'
    group by levels.as_of_date, levels.ultimate_parent_id
),

texts as (
    select * from {{ ref('vocabulary_codes') }}
    where code_group = 'loyalty_profit'
),

parameters as (
    select * from {{ ref('stg_settings__parameters') }}
),

placed as (
    select
        customers.as_of_date,
        loyalty.loyalty_level,
        cast(margins.margin_level as integer) as margin_level,
        customers.net_revenue,
        customers.customer_contribution
    from customers
    inner join loyalty
        on
            customers.as_of_date = loyalty.as_of_date
            and customers.ultimate_parent_id = loyalty.ultimate_parent_id
    left join margins
        on
            customers.as_of_date = margins.as_of_date
            and customers.ultimate_parent_id = margins.ultimate_parent_id
),

summed as (
    select
        as_of_date,
        loyalty_level,
        margin_level,
        {{ whole('count(*)') }} as customer_count,
        {{ money('sum(net_revenue)') }} as net_revenue,
        {{ money('sum(customer_contribution)') }} as customer_contribution
    from placed
    group by as_of_date, loyalty_level, margin_level
),

-- A side is high as in the types of customers: from the same score on, no hysteresis. Where one is not known there is no field.
judged as (
    select
        summed.*,
        {%- for side in ['loyalty', 'margin'] %}
        coalesce(cast(summed.{{ side }}_level as {{ text_type() }}), '?') as {{ side }}_text,
        {{ points(100, 'summed.' ~ side ~ '_level') }} >= parameters.type_threshold as is_{{ side }}_high,
        {%- endfor %}
        parameters.method_version
    from summed
    cross join parameters
),

named as (
    select
        judged.*,
        case
            when is_loyalty_high and is_margin_high then 'loyal_and_profitable'
            when not is_loyalty_high and is_margin_high then 'profitable_not_loyal'
            when is_loyalty_high and not is_margin_high then 'loyal_not_profitable'
            when not is_loyalty_high and not is_margin_high then 'neither'
        end as loyalty_profit_field
    from judged
),

final as (
    select
        named.as_of_date,
        named.loyalty_text || '/' || named.margin_text as loyalty_margin,
        named.loyalty_level,
        named.margin_level,
        named.loyalty_profit_field,
        texts.label_en as loyalty_profit_field_en,
        texts.label_de as loyalty_profit_field_de,
        texts.meaning_en as loyalty_profit_meaning_en,
        texts.meaning_de as loyalty_profit_meaning_de,
        named.customer_count,
        named.net_revenue,
        named.customer_contribution,
        {{ is_latest('named') }} as is_latest,
        named.method_version
    from named
    left join texts on named.loyalty_profit_field = texts.code
)

select * from final
