{#
    What the customer contribution of a row of int_contribution__entity_month has deducted from net revenue: the costs down to the
    depth that is known (int_contribution__depth), NULL at depth 0. One home for the parent, its months and the time up to the last order.
#}
{% macro costs_deducted(rows, depths) -%}
case
            when {{ depths }}.contribution_depth >= 1 then {{ rows }}.cogs
        end
        + case when {{ depths }}.contribution_depth >= 2 then {{ rows }}.marketing_cost else 0 end
        + case when {{ depths }}.contribution_depth >= 3 then {{ rows }}.field_sales_cost + {{ rows }}.inside_sales_cost else 0 end
        + case when {{ depths }}.contribution_depth >= 4 then {{ rows }}.service_logistics_cost else 0 end
{%- endmacro %}


{#
    What stands in for the cost of goods of one invoice line, rounded once: its net revenue by the ratio of ratio_cogs to ratio_net_revenue
    (int_contribution__cogs_ratios); NULL where there is no ratio.
#}
{% macro imputed_cogs_of_line() -%}
{{ money(exact_div('cast(net_revenue as decimal(38, 2)) * ratio_cogs', 'ratio_net_revenue', 2, decimals=4)) }}
{%- endmacro %}


{# A cost of the contribution by its status (int_contribution__depth): 0 where the company says it has none, NULL where nobody knows it. #}
{% macro cost_if_known(status, amount) -%} case {{ status }} when 'delivered' then {{ amount }} when 'none' then 0 end {%- endmacro %}


{# The account groups of a result, in its order, each with its amount in an entity's month as it enters the result. #}
{% macro result_groups() -%}
{{ return({
    'gross_list_revenue': 'gross_list_revenue',
    'revenue_deductions': '-revenue_deductions',
    'cogs': '-cogs',
    'marketing': '-marketing_cost',
    'field_sales_cost': '-field_sales_cost',
    'inside_sales_cost': '-inside_sales_cost',
    'service_logistics': '-service_logistics_cost',
}) }}
{%- endmacro %}
