{#
    The versions of a delivered table's rows with the time in which each was what we knew: known_from <= T < known_to.

    A row is known from its own recorded_at where the source has one, else from its batch's declared delivery. A table's first
    batch counts as known from its rows' business dates, which every as-of model applies anyway; hence "always" here.
    A later version of the same key takes over when its batch was delivered. A batch ends with the next full one (superseded_at), so
    that rows the source deleted end, too.

    Only keys of later deliveries can come twice (landing keeps them unique in a batch): few in a table that grows day by day, and all
    others need no sorting to find the next version.

    `has_several`: a batch may bring several rows of a key, which belong together; a later batch takes the place of all of them.
#}
{% macro known_versions(relation, table_name, key, recorded_at=false, has_several=false) -%}
{%- set known_at_first -%}
    {%- if recorded_at -%} raw_rows.recorded_at
    {%- else -%} case when load_batches.is_first then timestamp '1900-01-01 00:00:00' else load_batches.delivered_at end
    {%- endif -%}
{%- endset -%}
    select
        raw_rows.*,
        {{ known_at_first }} as known_from,
        load_batches.superseded_at as known_to
    from {{ relation }} as raw_rows
    inner join {{ ref('stg_control__load_batches') }} as load_batches
        on
            raw_rows.batch_id = load_batches.batch_id
            and load_batches.table_name = '{{ table_name }}'
    {%- if key %}
    left join {{ keys_of_later_deliveries(relation, table_name, key) }} as later_keys
        on
            {% for column in key -%}
            {% if not loop.first %}and {% endif %}raw_rows.{{ column }} = later_keys.{{ column }}
            {% endfor %}
    where later_keys.{{ key[0] }} is null
    union all
    {%- set versions_of_key = 'over (partition by raw_rows.' ~ (key | join(', raw_rows.')) ~ ' order by load_batches.sequence)' %}
    select
        raw_rows.*,
        case
            when {{ 'dense_rank()' if has_several else 'row_number()' }} {{ versions_of_key }} > 1 then load_batches.delivered_at
            else {{ known_at_first }}
        end as known_from,
        {%- if has_several %}
        least(
            load_batches.superseded_at,
            first_value(load_batches.delivered_at) {{ versions_of_key[:-1] }} range between 1 following and unbounded following)
        ) as known_to
        {%- else %}
        least(load_batches.superseded_at, lead(load_batches.delivered_at) {{ versions_of_key }}) as known_to
        {%- endif %}
    from {{ relation }} as raw_rows
    inner join {{ ref('stg_control__load_batches') }} as load_batches
        on
            raw_rows.batch_id = load_batches.batch_id
            and load_batches.table_name = '{{ table_name }}'
    inner join {{ keys_of_later_deliveries(relation, table_name, key) }} as later_keys
        on
            {% for column in key -%}
            {% if not loop.first %}and {% endif %}raw_rows.{{ column }} = later_keys.{{ column }}
            {% endfor %}
    {%- endif %}
{%- endmacro %}


{# The keys of all deliveries of a table but its first. #}
{% macro keys_of_later_deliveries(relation, table_name, key) -%}
(
        select distinct raw_rows.{{ key | join(', raw_rows.') }}
        from {{ relation }} as raw_rows
        inner join {{ ref('stg_control__load_batches') }} as load_batches
            on
                raw_rows.batch_id = load_batches.batch_id
                and load_batches.table_name = '{{ table_name }}'
                and not load_batches.is_first
    )
{%- endmacro %}


{# The join condition "this version is what was known for that as-of row". #}
{% macro is_known(version, dates) -%}
{{ version }}.known_from <= {{ dates }}.known_at and ({{ version }}.known_to is null or {{ version }}.known_to > {{ dates }}.known_at)
{%- endmacro %}


{# Whether what holds since `day` (a rating, an estimate of demand) is too old to be trusted at the as-of date; NULL where there is no day. #}
{% macro is_stale(day, as_of_date, parameters='parameters') -%}
{{ days_between(day, as_of_date) }} > {{ parameters }}.stale_after_days
{%- endmacro %}


{#
    The day of a moment (UTC without a zone) in the company's time zone; a day delivered without a time is that day. Usable wherever a
    scalar subquery is, so not in a join's condition: there take a column that a step before has made of it.
#}
{% macro company_day(moment) -%}
{{ day_in_zone(moment, '(select company.time_zone from ' ~ ref('stg_control__company') ~ ' as company)') }}
{%- endmacro %}


{#
    Whether the version shows a month; one that nobody marked is shown. The other judged months are there for the zones alone: whatever no
    axis score stands on is computed for shown months only (METHOD 1.8).
#}
{% macro is_shown(dates=none) -%}
{{ dates ~ '.' if dates }}is_shown is not false
{%- endmacro %}


{# The rows of a relation without those of months that are only replayed. For relations that do not say is_shown themselves. #}
{% macro of_shown_dates(relation) -%}
select * from {{ relation }}
    where as_of_date not in (select as_of_date from {{ ref('stg_control__as_of_dates') }} where not is_shown)
{%- endmacro %}


{# The two columns of the key of most marts in one. #}
{% macro portfolio_key(rows) -%}
{{ date_text(rows ~ '.as_of_date') }} || '|' || {{ rows }}.ultimate_parent_id
{%- endmacro %}


{# Whether rows are of the latest as-of date of the version: the only ones a sum may be made of. #}
{% macro is_latest(rows) -%}
{{ rows }}.as_of_date = (select max(as_of_date) from {{ ref('stg_control__as_of_dates') }} where is_latest)
{%- endmacro %}


{# Whether a month is shown, or is the one before a shown month, which says what has changed since. #}
{% macro is_compared(dates=none) -%}
({{ is_shown(dates) }} or {{ dates ~ '.' if dates }}is_compared)
{%- endmacro %}


{#
    The dates whose rows somebody reads: those a version shows (`with_compared`: or compares with), and where a criterion stands on one of
    the measures asked for, those it is scored for: every judged month on the two axes, the compared ones on any other (METHOD 1.8). Which
    criteria there are stands in the settings, so that a replay costs only what its scores need. `asked` names measures, or models of the
    catalogue for all of theirs.
#}
{% macro dates_asked(asked, with_compared=false) -%}
{%- set measures = [] -%}
{%- for name in asked -%}
    {%- set found = measure_catalogue() | selectattr('model', 'equalto', name) | list + measure_catalogue() | selectattr('name', 'equalto', name) | list -%}
    {%- if not found %}{{ exceptions.raise_compiler_error(name ~ ' is no measure, and no model of one (pipelines/vocabulary/measures.yml)') }}{% endif -%}
    {%- do measures.extend(found | map(attribute='name')) -%}
{%- endfor -%}
select dates.*
    from {{ ref('stg_control__as_of_dates') }} as dates
    cross join (
        select
            count(*) > 0 as is_judged_by,
            count_if(axis in ('potential', 'attractiveness')) > 0 as is_replayed
        from {{ ref('stg_settings__scorecard_criteria') }}
        where measure in ('{{ measures | join("', '") }}')
    ) as criteria
    where
        {{ is_compared('dates') if with_compared else is_shown('dates') }}
        or criteria.is_replayed
        or (criteria.is_judged_by and {{ is_compared('dates') }})
{%- endmacro %}
