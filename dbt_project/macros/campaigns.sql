{#
    What a campaign changed, measured against customers left untreated (METHOD 1.14): treated_post - treated_pre x control_post /
    control_pre, in money, rounded once. NULL where the controls brought nothing before: nothing says how it would have gone on.
    Brought on one fraction first: rounding the second term alone would round a half cent the other way.
#}
{% macro difference_in_differences(treated_pre, treated_post, control_pre, control_post) -%}
case
        when {{ control_pre }} > 0
            then {{ money(exact_div(
                'cast(' ~ treated_post ~ ' as decimal(34, 2)) * cast(' ~ control_pre ~ ' as decimal(18, 2))'
                ~ ' - cast(' ~ treated_pre ~ ' as decimal(34, 2)) * cast(' ~ control_post ~ ' as decimal(18, 2))',
                control_pre, 2, decimals=4
            )) }}
    end
{%- endmacro %}


{#
    An end of the 95 % interval of METHOD 1.14 and 1.19: 1.96 standard errors on that side (`+`, `-`) of the estimate. Narrowed first: where a
    product or a sum could have more than 38 digits, Spark takes those after the sixth decimal away.
#}
{% macro interval_end(estimate, side, standard_error) -%}
cast({{ estimate }} as decimal(24, 10)) {{ side }} cast(1.96 as decimal(3, 2)) * cast({{ standard_error }} as decimal(24, 10))
{%- endmacro %}


{# Which of a campaign's three windows a month lies in that lies in one of them. #}
{% macro compared_side(month) -%}
case
            when {{ month }} >= compared.post_from then 'post'
            when {{ month }} >= compared.pre_from then 'pre'
            else 'before'
        end
{%- endmacro %}


{# What one arm adds to the squared standard error of the jackknife: (n - 1) / n of its sum of squares. #}
{% macro jackknife_share(n, squares) -%}
cast({{ n }} - 1 as double) / nullif({{ n }}, 0) * cast({{ squares }} as double)
{%- endmacro %}
