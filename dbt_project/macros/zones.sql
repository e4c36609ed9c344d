{# The zone of two axis states, of a customer or a lead (METHOD 1.8). `high_p` and `high_a` are boolean expressions. #}
{% macro zone_of(high_p, high_a, is_lead) -%}
case
        when {{ is_lead }} then
            case
                when {{ high_p }} and {{ high_a }} then 'target_lead'
                when {{ high_p }} or {{ high_a }} then 'nurture_lead'
                else 'disqualified_lead'
            end
        when {{ high_p }} and {{ high_a }} then 'protection'
        when {{ high_p }} then 'development'
        when {{ high_a }} then 'maintain'
        else 'withdrawal'
    end
{%- endmacro %}


{# The texts of the conditions that hold, joined by ', ' in the order given: [(condition, text), ...]. '' where none holds. #}
{% macro texts_that_hold(pairs) -%}
substr(
        ''
        {%- for condition, text in pairs %}
        || case when {{ condition }} then ', {{ text }}' else '' end
        {%- endfor %},
        3
    )
{%- endmacro %}


{# Whether a customer is a key account: what the customers table says, else a confirmed protection customer (METHOD 1.6). #}
{% macro is_key_account(parents, zones) -%}
coalesce(
            {{ parents }}.is_declared_key_account,
            {{ zones }}.zone = 'protection' and {{ zones }}.zone_status = 'confirmed'
        )
{%- endmacro %}


{# Whether people have rated enough for a zone; NULL without a status. #}
{% macro is_rated(zone_status) -%}
{{ zone_status }} in ('confirmed', 'provisional')
{%- endmacro %}
