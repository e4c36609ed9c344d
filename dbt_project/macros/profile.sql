{# How many of the conditions hold; a condition that is unknown does not. #}
{% macro number_that_hold(conditions) -%}
{%- for condition in conditions %}case when {{ condition }} then 1 else 0 end{{ ' + ' if not loop.last }}{% endfor -%}
{%- endmacro %}


{# The share, 0..1, of the conditions that hold; `for_customers` are asked of customers only, `for_all` of leads, too. #}
{% macro share_that_holds(relationship_type, for_all, for_customers) -%}
case
            when {{ relationship_type }} = 'customer'
                then {{ ratio(exact_div(number_that_hold(for_all + for_customers), (for_all + for_customers) | length)) }}
            else {{ ratio(exact_div(number_that_hold(for_all), for_all | length)) }}
        end
{%- endmacro %}
