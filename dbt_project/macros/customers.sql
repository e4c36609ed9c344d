{#
    The spans of as-of dates in which each `key` of `rows` (a step with as_of_date, the key and ultimate_parent_id) belonged to one ultimate
    parent without a break. A group changes rarely: what is known of months is summed by span once, and only then told of every as-of date.
#}
{% macro parent_spans(rows, key) -%}
select
        {{ key }},
        ultimate_parent_id,
        min(as_of_date) as first_as_of_date,
        max(as_of_date) as last_as_of_date
    from (
        -- What belongs to the same parent at dates that follow each other is equally far from its own number.
        select
            belonging.{{ key }},
            belonging.ultimate_parent_id,
            belonging.as_of_date,
            dates.date_number - row_number() over (
                partition by belonging.{{ key }}, belonging.ultimate_parent_id order by belonging.as_of_date
            ) as island
        from {{ rows }} as belonging
        inner join (
            select
                as_of_date,
                row_number() over (order by as_of_date) as date_number
            from {{ ref('stg_control__as_of_dates') }}
        ) as dates on belonging.as_of_date = dates.as_of_date
        where belonging.ultimate_parent_id is not null
    ) as numbered
    group by {{ key }}, ultimate_parent_id, island
{%- endmacro %}


{#
    The rows of `starts` (a step with as_of_date and customer_id) and everything their customer leads to over up to `steps` links: as_of_date,
    customer_id, `reached` and, as `counted`, over how many links (0: itself). `links` is a step with as_of_date, customer_id and `next`; whoever
    has a link is in `starts`. A link that forks tells the way to the fork more than once. Every step is a join of its own, because not every
    engine knows recursion; only customers that have a link are joined, and a hierarchy has few of them.
#}
{% macro reached_over_links(starts, links, next, reached, counted, steps=11) -%}
select as_of_date, customer_id, customer_id as {{ reached }}, 0 as {{ counted }}
    from {{ starts }}
    union all
    select as_of_date, customer_id, {{ reached }}, {{ counted }}
    from (
        select
            as_of_date,
            customer_id,
            {{ counted }},
            case {{ counted }}
                {%- for step in range(1, steps + 1) %}
                when {{ step }} then reached_{{ step }}
                {%- endfor %}
            end as {{ reached }}
        from (
            select
                links_1.as_of_date,
                links_1.customer_id,
                {%- for step in range(1, steps + 1) %}
                links_{{ step }}.{{ next }} as reached_{{ step }},
                {%- endfor %}
                {{ numbers_to(steps) }} as {{ counted }}
            from {{ links }} as links_1
            {%- for step in range(2, steps + 1) %}
            left join {{ links }} as links_{{ step }}
                on
                    links_{{ step - 1 }}.as_of_date = links_{{ step }}.as_of_date
                    and links_{{ step - 1 }}.{{ next }} = links_{{ step }}.customer_id
            {%- endfor %}
        ) as walked
    ) as unfolded
    where {{ counted }} > 0 and {{ reached }} is not null
{%- endmacro %}
