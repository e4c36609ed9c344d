{# How many of the conditions hold; a condition that is unknown does not. #}
{% macro number_that_hold(conditions) -%}
{%- for condition in conditions %}case when {{ condition }} then 1 else 0 end{{ ' + ' if not loop.last }}{% endfor -%}
{%- endmacro %}


{#
    Two columns: of the conditions asked, how many hold and how many they are. `for_customers` are asked of customers only, `for_all` of
    leads, too.
#}
{% macro known_and_asked(relationship_type, for_all, for_customers, name) -%}
{{ number_that_hold(for_all) }}
        + case when {{ relationship_type }} = 'customer' then {{ number_that_hold(for_customers) }} else 0 end as {{ name }}_known,
        {{ for_all | length }} + case when {{ relationship_type }} = 'customer' then {{ for_customers | length }} else 0 end as {{ name }}_asked
{%- endmacro %}
