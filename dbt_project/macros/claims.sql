{#
    The claims of the texts (METHOD 1.19) that compare two groups: id, the measure (a number per customer), whether it is a ratio whose
    outliers are set in, who is in group 1, who in group 2, and what must be delivered (an expression over int_profile__claim_inputs).
    Customers whose measure is not known are in no group, nor is who would be in both. Texts: pipelines/vocabulary, group `claim`.
#}
{% macro claims_of_groups() %}
{{ return([
    (
        'well_served_grow', 'contribution_change_ratio', true,
        "zone_earlier in ('protection', 'development') and compliance_ratio >= 0.8",
        "zone_earlier in ('protection', 'development') and compliance_ratio < 0.5",
        'has_activities and has_contribution and has_earlier_month'
    ),
    ('loyal_buy_more', 'revenue_yoy', true, 'loyalty_level >= 4', 'loyalty_level <= 2', 'has_invoice_lines'),
    ('loyal_accept_prices', 'price_realisation_ratio', true, 'loyalty_level >= 4', 'loyalty_level <= 2', 'has_invoice_lines'),
    ('small_pay_better', 'price_realisation_ratio', true, 'is_small_by_revenue', 'is_key_account', 'has_threshold'),
    (
        'small_give_share', 'sow_capped_ratio', true, 'is_small_by_revenue', 'not is_small_by_revenue', 'has_threshold and has_estimates'
    ),
    ('small_are_loyal', 'has_stayed', false, 'is_small_by_revenue', 'not is_small_by_revenue', 'has_threshold'),
    ('small_hold_in_crisis', 'revenue_yoy', true, 'is_small_by_revenue', 'not is_small_by_revenue', 'has_threshold'),
    (
        'small_inside_profitable', 'customer_contribution_margin_ratio', true,
        'is_small_by_revenue and inside_hours > 0 and visits = 0', 'is_key_account',
        'has_threshold and has_activities and has_contribution'
    ),
    (
        'revenue_is_not_profit', 'customer_contribution_margin_ratio', true, "abc_class = 'A'", "abc_class = 'C'", 'has_contribution'
    ),
]) }}
{% endmacro %}


{#
    The variance of a group's mean, s^2 / n, from its number, sum and sum of squares in whole units. NULL below two members: asked of whole
    numbers, because 0 x (0 - 1) is a minus zero as DOUBLE, which not every engine takes for nothing.
#}
{% macro welch_share(n, total, squares) -%}
cast({{ n }} * {{ squares }} - {{ total }} * {{ total }} as double) / (cast(nullif({{ n }}, 0) as double) * {{ n }} * nullif({{ n }} - 1, 0))
{%- endmacro %}
