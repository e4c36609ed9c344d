{# What of a product group's revenue its demand can hold: none below 0, none above the demand (METHOD 1.6). NULL without a demand. #}
{% macro capped_revenue(net_revenue, annual_demand) -%}
case when {{ annual_demand }} is not null then least(greatest({{ net_revenue }}, 0), {{ annual_demand }}) end
{%- endmacro %}


{# Whether the revenue of a product group says that its demand is estimated wrongly, also one of 0; NULL without a demand. #}
{% macro is_demand_contradicted(net_revenue, annual_demand, parameters='parameters') -%}
{{ net_revenue }} > {{ part_of(parameters ~ '.contradiction_factor', annual_demand) }}
{%- endmacro %}


{# The share of wallet now less the share of then, as numerator and denominator: exact, so that a limit is asked of the exact value. #}
{% macro share_change_numerator(capped_now, demand_now, capped_before, demand_before) -%}
cast({{ capped_now }} as decimal(28, 2)) * cast({{ demand_before }} as decimal(28, 2))
            - cast({{ capped_before }} as decimal(28, 2)) * cast({{ demand_now }} as decimal(28, 2))
{%- endmacro %}

{% macro share_change_denominator(demand_now, demand_before) -%}
cast({{ demand_now }} as decimal(28, 2)) * cast({{ demand_before }} as decimal(28, 2))
{%- endmacro %}


{# Whether what is estimated of a customer's demand can be used: there is an estimate, neither too old nor contradicted by revenue. #}
{% macro is_demand_usable(potential) -%}
{{ potential }}.annual_demand is not null and not coalesce({{ potential }}.is_potential_stale, false) and not coalesce({{ potential }}.is_potential_contradicted, false)
{%- endmacro %}
