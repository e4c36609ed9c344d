{#
    Why a group must not be shown, in its one place (METHOD 1.17): for its own reason, else because what is hidden would follow from the
    total: the sum of one hidden group is that group, and the sum of several must not be fewer people than may be shown. The next smallest
    visible group (`position` 1) then hides with them; it is large enough by itself.
#}
{% macro suppression_reason(own_reason, position, hidden_groups, hidden_people, minimum) -%}
case
            when {{ own_reason }} is not null then {{ own_reason }}
            when {{ position }} = 1 and {{ hidden_groups }} > 0 and ({{ hidden_groups }} = 1 or {{ hidden_people }} < {{ minimum }}) then 'complementary'
        end
{%- endmacro %}


{# What stands for the areas that are too small to be named. #}
{% macro small_areas() -%} '(small areas)' {%- endmacro %}


{# For so many months figures are kept by person (METHOD 1.17); pipelines.landing.retention takes the person out of what is older. #}
{% macro person_months() -%} {{ return(24) }} {%- endmacro %}


{# Whether the person was taken out of a visit: what stands in their place begins so. #}
{% macro is_taken_out(rep_key) -%} {{ rep_key }} like 'former %' {%- endmacro %}


{# The name under which a row about an area or a team is told: a team without a name of its own is a small one; what belongs to nobody says so. #}
{% macro told_area(rows) -%}
coalesce(published.owner_area, case when {{ rows }}.team is not null then {{ small_areas() }} end, areas.area, '(unassigned)')
{%- endmacro %}
