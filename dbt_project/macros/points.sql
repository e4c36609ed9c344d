{#
    Points of a criterion (METHOD 1.7), in their one place: from a weight and a level, from nothing at level 1 to the whole weight at
    level 5. Not here: which level a criterion has (int_scores__levels), how ratings become one (ratings.sql).
#}

{#
    weight x (level - 1) / 4. With `levels` 2, `level` is the sum of two levels and the points are those of their mean, rounded once; the
    weight may then be a change of weight.
#}
{% macro points(weight, level, levels=1) -%}
{{ score(exact_div('(' ~ weight ~ ') * (' ~ level ~ ' - ' ~ levels ~ ')', 4 * levels, 4)) }}
{%- endmacro %}


{# What a criterion fails to reach of its weight. #}
{% macro lost_points(weight, points) -%} {{ weight }} - {{ points }} {%- endmacro %}
