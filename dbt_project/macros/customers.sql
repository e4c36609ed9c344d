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
