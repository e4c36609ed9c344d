{#
    The rule of METHOD 1.7 and 1.9 by which ratings become one level, in its one place: int_scores__rating_levels applies it to the
    as-of dates, others to another moment (the start of a campaign, the days before a cut-off) or to one view (customer, staff).
#}

{# Which of a rater's ratings of a criterion on an account counts: the latest, number 1. `ratings` is the alias; `scope` what it is asked for. #}
{% macro rating_position(scope) -%}
row_number() over (
            partition by {{ scope | join(', ') }}, ratings.account_id, ratings.criterion_id, ratings.rater_key
            order by ratings.valid_from desc, ratings.recorded_at desc
        )
{%- endmacro %}


{#
    The same rule for every date at once: the day on which a rating gives way to its rater's next one, which is its own day where a later
    entry of that day counts. A rating is in use at a date if valid_from <= date, and next_valid_from is missing or lies after it.
#}
{% macro next_valid_from(scope) -%}
lead(ratings.valid_from) over (
            partition by {{ scope | join(', ') }}, ratings.account_id, ratings.criterion_id, ratings.rater_key
            order by ratings.valid_from, ratings.recorded_at
        )
{%- endmacro %}


{# One row per `scope`, rater and whose view it is: the mean of a rater's levels on several accounts. `ratings` as in mean_over_raters. #}
{% macro means_of_raters(ratings, scope) -%}
{%- set keys = scope | join(', ') -%}
select
                {{ keys }},
                rater_key,
                rated_by,
                cast({{ exact_div('sum(level)', 'count(*)', 10) }} as decimal(18, 10)) as level,
                min(valid_from) as oldest_valid_from
            from {{ ratings }}
            group by {{ keys }}, rater_key, rated_by
{%- endmacro %}


{#
    One row per `scope`: the mean over raters, a rater's levels on several accounts averaged first; where the customer rates himself, our
    staff's guess steps back. `ratings` is a step with the scope, rater_key, rated_by, level (none missing) and valid_from.
#}
{% macro mean_over_raters(ratings, scope) -%}
{%- set keys = scope | join(', ') -%}
select
        {{ keys }},
        cast({{ exact_div('levels', 'raters', 10) }} as decimal(18, 10)) as level,
        {{ whole('raters') }} as rater_count,
        oldest_valid_from
    from (
        select
            {{ keys }},
            case
                when count_if(rated_by = 'customer') > 0 then sum(case when rated_by = 'customer' then level end)
                else sum(level)
            end as levels,
            case when count_if(rated_by = 'customer') > 0 then count_if(rated_by = 'customer') else count(*) end as raters,
            case
                when count_if(rated_by = 'customer') > 0 then min(case when rated_by = 'customer' then oldest_valid_from end)
                else min(oldest_valid_from)
            end as oldest_valid_from
        from (
            {{ means_of_raters(ratings, scope) }}
        ) as means
        group by {{ keys }}
    ) as raters
{%- endmacro %}
