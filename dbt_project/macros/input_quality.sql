{#
    The columns every check of the sales input returns after its as-of date: which check, which row of which table, whose, of which
    month, how many delivered rows it stands for, how much money, and where it stands in the delivery. `place` is the alias of the
    rows that know their file and line. The owning area follows from the parent (int_input_checks__rows), or is the team named here.
#}
{% macro finding(check_id, table_name, row_id, month_start, parent=none, amount=none, team=none, row_count='1', place=none) -%}
'{{ check_id }}' as check_id,
        '{{ table_name }}' as table_name,
        cast({{ row_id }} as {{ text_type() }}) as row_id,
        cast({{ parent or 'null' }} as {{ text_type() }}) as ultimate_parent_id,
        cast({{ team or 'null' }} as {{ text_type() }}) as team,
        cast({{ month_start }} as date) as month_start,
        {{ whole(row_count) }} as row_count,
        {{ money(amount or 'null') }} as amount,
        cast({{ place ~ '.file_name' if place else 'null' }} as {{ text_type() }}) as file_name,
        cast({{ place ~ '.line_number' if place else 'null' }} as bigint) as line_number
{%- endmacro %}


{#
    The activities a check found (`found`, whatever the date) at every as-of date whose 12 months hold them, or for which `when` holds;
    `dates`, `accounts` exist.
#}
{% macro found_activities(check_id, when='found.activity_date between dates.window_start and dates.as_of_date') -%}
select
        dates.as_of_date,
        {{ finding(
            check_id, 'activities', 'found.row_id', 'found.month_start', 'accounts.ultimate_parent_id', 'found.cost', place='found'
        ) }}
    from found
    inner join dates on {{ when }}
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and found.account_id = accounts.account_id
{%- endmacro %}


{# The ratings a check found (`found`) at every as-of date in whose 12 months they were entered; `dates` and `accounts` exist. #}
{% macro found_ratings(check_id) -%}
select
        dates.as_of_date,
        {{ finding(check_id, 'ratings', 'found.row_id', 'found.entered_month', 'accounts.ultimate_parent_id', place='found') }}
    from found
    inner join dates on found.entered_on between dates.window_start and dates.as_of_date
    left join accounts
        on
            dates.as_of_date = accounts.as_of_date
            and found.account_id = accounts.account_id
{%- endmacro %}
