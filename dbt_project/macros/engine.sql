{#
    Everything in which the engines differ, in one place (docs/decisions.md, "Portable SQL"). A model never names an engine.
    The target `spark_syntax` compiles the Spark text without a Spark, for the test that parses it and for `make test-sail`.
    A macro's text is one operand wherever it stands: in parentheses, where it would end in an operator. Each is asked the same edge values
    on every engine (tests/dbt_project/test_dialect.py).
#}
{% macro engine() -%}
    {{ return('spark' if target.type == 'spark' or target.name == 'spark_syntax' else 'duckdb') }}
{%- endmacro %}


{#
    num / den as DECIMAL(38, scale), rounded half away from zero; NULL where den is 0 or either is NULL.
    num and den carry at most `decimals` decimals: ten leave room for 10^17 in front of them, four (products of money) for 10^27.
    Why a macro: DuckDB divides decimals as DOUBLE and Spark cuts a quotient to six decimals; money must do neither. Both divide
    whole numbers here; where Spark has no whole division of this size, the remainder is taken off first, so that it comes out even.
    DuckDB's own division of such numbers goes bit by bit. There the quotient of the DOUBLEs is taken as long as it is right beyond doubt: below
    10^11 last digits, where it is off by less than a ten-thousandth of one, and a thousandth or more away from a tie. Only the few others are divided.
#}
{% macro exact_div(num, den, scale=6, decimals=10) -%}
{%- if engine() == 'spark' -%}
    {%- set n = "cast(cast(" ~ num ~ " as decimal(38, " ~ decimals ~ ")) * " ~ 10 ** decimals ~ " as decimal(38, 0))" -%}
    {%- set d = "cast(cast(" ~ den ~ " as decimal(38, " ~ decimals ~ ")) * " ~ 10 ** decimals ~ " as decimal(38, 0))" -%}
    {%- set doubled = "cast(2 * abs(" ~ n ~ ") * " ~ 10 ** scale ~ " + abs(" ~ d ~ ") as decimal(38, 0))" -%}
    {%- set divisor = "nullif(cast(2 * abs(" ~ d ~ ") as decimal(38, 0)), 0)" -%}
    (
        cast(
            cast(sign({{ n }}) * sign({{ d }}) as decimal(1, 0))
            * cast(({{ doubled }} - {{ doubled }} % {{ divisor }}) / {{ divisor }} as decimal({{ 35 - scale }}, 0))
            as decimal({{ 36 - scale }}, 0)
        ) * cast(0.{{ "0" * (scale - 1) }}1 as decimal({{ scale + 1 }}, {{ scale }}))
    )
{%- else -%}
    {%- set n = "cast(cast(" ~ num ~ " as decimal(38, " ~ decimals ~ ")) * " ~ 10 ** decimals ~ " as hugeint)" -%}
    {%- set d = "cast(cast(" ~ den ~ " as decimal(38, " ~ decimals ~ ")) * " ~ 10 ** decimals ~ " as hugeint)" -%}
    {%- set unit = "cast(0." ~ "0" * (scale - 1) ~ "1 as decimal(" ~ (scale + 1) ~ ", " ~ scale ~ "))" -%}
    {%- set quotient = "cast(" ~ num ~ " as double) / cast(" ~ den ~ " as double) * 1e" ~ scale -%}
    case
        when abs({{ quotient }}) < 1e11 and abs(abs({{ quotient }}) % 1 - 0.5) > 0.001
            then cast(cast({{ quotient }} as bigint) as decimal(12, 0)) * {{ unit }}
        when ({{ num }}) is null or ({{ den }}) is null then null
        else
            cast(
                sign({{ n }}) * sign({{ d }})
                * ((2 * abs({{ n }}) * cast({{ 10 ** scale }} as hugeint) + abs({{ d }})) // nullif(2 * abs({{ d }}), 0))
                as decimal(38, 0)
            ) * {{ unit }}
    end
{%- endif -%}
{%- endmacro %}


{#
    `expression` with its `decimals` decimals as a whole number of its smallest unit, of the largest whole type there is: products and
    sums of such numbers are exact up to 38 digits, where those of decimals would lose their last ones. Not for a mart.
#}
{% macro whole_units(expression, decimals) -%}
cast(cast({{ expression }} as decimal(38, {{ decimals }})) * {{ 10 ** decimals }} as {{ 'decimal(38, 0)' if engine() == 'spark' else 'hugeint' }})
{%- endmacro %}


{#
    The square of num / den as DECIMAL(38, scale); NULL where den is 0 or either is NULL. For sums of squares: each is rounded by itself,
    so that their sum is the same in whatever order they are added. A DOUBLE, because the square of a large amount has more digits than
    the largest decimal; it is right to its 15th digit.
#}
{% macro squared_quotient(num, den, scale=12) -%}
cast(
        (cast({{ num }} as double) / nullif(cast({{ den }} as double), 0)) * (cast({{ num }} as double) / nullif(cast({{ den }} as double), 0))
        as decimal(38, {{ scale }})
    )
{%- endmacro %}


{#
    a x b / (c x d) as DECIMAL(38, 10), for factors so large that their products have more digits than a decimal; NULL where c or d is 0.
    A DOUBLE, rounded at once: right to its 15th digit.
#}
{% macro product_quotient(a, b, c, d) -%}
cast(
        cast({{ a }} as double) / nullif(cast({{ c }} as double), 0) * (cast({{ b }} as double) / nullif(cast({{ d }} as double), 0))
        as decimal(38, 10)
    )
{%- endmacro %}


{#
    A share or a factor of an amount, with all its eight decimals. Not wider than they need: a product or a sum that could have more than 38
    digits loses, on Spark, those after the sixth decimal, without a word (tests/dbt_project/test_decimals.py finds such places). Not narrower:
    DuckDB takes a product of two numbers of at most 18 digits for one of 18.
#}
{% macro part_of(ratio, amount) -%} cast(cast({{ ratio }} as decimal(18, 6)) * cast({{ amount }} as decimal(19, 2)) as decimal(36, 8)) {%- endmacro %}


{# Whole cents back to money. #}
{% macro from_units(expression) -%} cast(cast({{ expression }} as decimal(38, 0)) * cast(0.01 as decimal(3, 2)) as decimal(38, 2)) {%- endmacro %}


{# The square root of a number that is not negative, as DECIMAL(38, scale); rounded at once, like every root. #}
{% macro square_root(expression, scale=10) -%} cast(sqrt(cast({{ expression }} as double)) as decimal(38, {{ scale }})) {%- endmacro %}


{# How many times the whole number `den` goes into the whole number `num`, both not negative; NULL where den is 0. #}
{% macro whole_quotient(num, den) -%}
{%- if engine() == 'spark' -%} cast((({{ num }}) - ({{ num }}) % nullif({{ den }}, 0)) / nullif({{ den }}, 0) as decimal(38, 0))
{%- else -%} (({{ num }}) // nullif({{ den }}, 0)) {%- endif -%}
{%- endmacro %}


{# Whole days from the date `a` to the date `b`. #}
{% macro days_between(a, b) -%}
{%- if engine() == 'spark' -%} cast(datediff({{ b }}, {{ a }}) as bigint) {%- else -%} date_diff('day', {{ a }}, {{ b }}) {%- endif -%}
{%- endmacro %}


{# The date `d` moved by `months`, which may be a column; a day that does not exist becomes the month's last. #}
{% macro add_months(d, months) -%}
{%- if engine() == 'spark' -%} add_months({{ d }}, {{ months }})
{%- else -%} cast({{ d }} + to_months(cast({{ months }} as integer)) as date) {%- endif -%}
{%- endmacro %}


{# The first day of the month of `d`. #}
{% macro month_start(d) -%} cast(date_trunc('month', {{ d }}) as date) {%- endmacro %}


{# The date `d` moved by `days`, which may be a column. #}
{% macro add_days(d, days) -%}
{%- if engine() == 'spark' -%} date_add({{ d }}, {{ days }}) {%- else -%} ({{ d }} + cast({{ days }} as integer)) {%- endif -%}
{%- endmacro %}


{# The last day of the month of `d`. #}
{% macro month_end(d) -%} last_day({{ d }}) {%- endmacro %}


{# The last day of the quarter of `d`. #}
{% macro quarter_end(d) -%} {{ month_end(add_months("cast(date_trunc('quarter', " ~ d ~ ") as date)", 2)) }} {%- endmacro %}


{# 'YYYY-Qn' of the date `d`. #}
{% macro quarter_text(d) -%}
(cast(extract(year from {{ d }}) as {{ text_type() }}) || '-Q' || cast(extract(quarter from {{ d }}) as {{ text_type() }}))
{%- endmacro %}


{# Monday 1 .. Sunday 7 of the date `d`. #}
{% macro iso_weekday(d) -%}
{%- if engine() == 'spark' -%} ((dayofweek({{ d }}) + 5) % 7 + 1) {%- else -%} isodow({{ d }}) {%- endif -%}
{%- endmacro %}


{# 'YYYY-MM' of the date `d`. #}
{% macro month_text(d) -%}
{%- if engine() == 'spark' -%} date_format({{ d }}, 'yyyy-MM') {%- else -%} strftime({{ d }}, '%Y-%m') {%- endif -%}
{%- endmacro %}


{# Full years from the date `a` to the date `b` (an anniversary counts on its day). #}
{% macro full_years(a, b) -%}
(
    extract(year from {{ b }}) - extract(year from {{ a }})
    - case
        when
            extract(month from {{ b }}) * 100 + extract(day from {{ b }})
            < extract(month from {{ a }}) * 100 + extract(day from {{ a }})
            then 1
        else 0
    end
)
{%- endmacro %}


{# The distinct-free texts of a group, joined by ', ' in the order of `order_by`. #}
{% macro joined_text(value, order_by) -%}
{%- if engine() == 'spark' -%} listagg({{ value }}, ', ') within group (order by {{ order_by }})
{%- else -%} string_agg({{ value }}, ', ' order by {{ order_by }}) {%- endif -%}
{%- endmacro %}


{# A number of minutes, hours or counts that was summed: back to a fixed type, because sums of integers become HUGEINT. #}
{% macro whole(expression) -%} cast({{ expression }} as bigint) {%- endmacro %}

{% macro money(expression) -%} cast({{ expression }} as decimal(18, 2)) {%- endmacro %}

{% macro ratio(expression) -%} cast({{ expression }} as decimal(18, 6)) {%- endmacro %}

{% macro score(expression) -%} cast({{ expression }} as decimal(9, 4)) {%- endmacro %}

{# The type of texts: `text` and `varchar` without a length are no types of Spark. #}
{% macro text_type() -%} {{ 'string' if engine() == 'spark' else 'varchar' }} {%- endmacro %}


{# The moment `t` moved by `minutes`, which may be a column. #}
{% macro add_minutes(t, minutes) -%}
{%- if engine() == 'spark' -%} timestampadd(minute, {{ minutes }}, {{ t }})
{%- else -%} ({{ t }} + to_minutes(cast({{ minutes }} as bigint))) {%- endif -%}
{%- endmacro %}


{# The date `d` as text, 'YYYY-MM-DD'. #}
{% macro date_text(d) -%} cast(cast({{ d }} as date) as {{ text_type() }}) {%- endmacro %}


{#
    The day of `moment` (UTC without a zone) in the time zone `zone` (an IANA name), which may be a column. DuckDB asks its calendar of every
    single row: where the zone is UTC nobody need ask.
#}
{% macro day_in_zone(moment, zone) -%}
{%- if engine() == 'spark' -%} cast(from_utc_timestamp({{ moment }}, {{ zone }}) as date)
{%- else -%}
    case
        when {{ zone }} = 'UTC' then cast({{ moment }} as date)
        else cast(timezone({{ zone }}, timezone('UTC', {{ moment }})) as date)
    end
{%- endif -%}
{%- endmacro %}


{#
    In the list of a select: the row once for each whole number from 0 to `last`, with the number in this column; not at all where `last` is
    negative or NULL. For days, weeks and months of which nobody delivers a row; no engine needs to know recursion for that.
#}
{% macro numbers_to(last) -%}
{%- if engine() == 'spark' -%} explode(case when ({{ last }}) >= 0 then sequence(0, cast({{ last }} as integer)) end)
{%- else -%} cast(unnest(range(0, cast({{ last }} as bigint) + 1)) as integer) {%- endif -%}
{%- endmacro %}


{# Whole months from the month of the date `a` to the month of the date `b`; their days are nothing. #}
{% macro months_between(a, b) -%}
((extract(year from {{ b }}) - extract(year from {{ a }})) * 12 + extract(month from {{ b }}) - extract(month from {{ a }}))
{%- endmacro %}


{#
    Marts promise their types in DuckDB's words, and the promise is held where they become DuckDB's tables, whoever computed them. dbt-spark
    would compare these words with its own, so it is not asked; the promised columns in their order are what it creates all the same.
#}
{% macro spark__get_assert_columns_equivalent(sql) -%} {%- endmacro %}
