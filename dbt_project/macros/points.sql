{#
    Points of a criterion (METHOD 1.7), in their one place: from a weight and a level, from nothing at level 1 to the whole weight at
    level 5. Not here: which level a criterion has (int_scores__levels), how ratings become one (ratings.sql).
#}

{#
    weight x (level - 1) / 4. With `levels` 2, `level` is the sum of two levels and the points are those of their mean, rounded once; the
    weight may then be a change of weight. A quarter is a product of 0.25, exact, and of at most 18 digits: there are many points.
#}
{% macro points(weight, level, levels=1) -%}
{{ score('cast(' ~ weight ~ ' as decimal(5, 0)) * cast(' ~ 0.25 / levels ~ ' as decimal(4, 3)) * (cast(' ~ level ~ ' as decimal(12, 10)) - ' ~ levels ~ ')') }}
{%- endmacro %}


{# What a criterion fails to reach of its weight. #}
{% macro lost_points(weight, points) -%} {{ weight }} - {{ points }} {%- endmacro %}
