{#
    What a campaign changed, measured against customers left untreated (METHOD 1.14): treated_post - treated_pre x control_post /
    control_pre, in money, rounded once. NULL where the controls brought nothing before: nothing says how it would have gone on.
    Brought on one fraction first: rounding the second term alone would round a half cent the other way.
#}
{% macro difference_in_differences(treated_pre, treated_post, control_pre, control_post) -%}
case
        when {{ control_pre }} > 0
            then {{ money(exact_div(
                'cast(' ~ treated_post ~ ' as decimal(18, 2)) * cast(' ~ control_pre ~ ' as decimal(18, 2))'
                ~ ' - cast(' ~ treated_pre ~ ' as decimal(18, 2)) * cast(' ~ control_post ~ ' as decimal(18, 2))',
                control_pre, 2, decimals=4
            )) }}
    end
{%- endmacro %}
