{#
    An amount in the reporting currency, rounded once, half away from zero (METHOD 1.2). NULL where the rate is missing.
    `rates` is the alias of int_contribution__exchange_rates, joined by the row's currency and rate day; `parameters` that of the settings.
#}
{% macro to_reporting(amount, currency, rates='rates', parameters='parameters') -%}
cast(
    case
        when {{ currency }} = {{ parameters }}.reporting_currency then {{ amount }}
        else {{ exact_div(amount, rates ~ '.units_per_reporting_currency', 2) }}
    end as decimal(18, 2)
)
{%- endmacro %}


{#
    The rates of an invoice line's day, of the step `rates` (int_contribution__exchange_rates): `rates` those of its own currency,
    `local_rates` those of the currency it is booked in.
#}
{% macro join_rates_of_lines(lines='lines') -%}
left join rates
        on
            {{ lines }}.currency_code = rates.currency_code
            and {{ lines }}.posting_date = rates.needed_on
    left join rates as local_rates
        on
            {{ lines }}.local_currency_code = local_rates.currency_code
            and {{ lines }}.posting_date = local_rates.needed_on
{%- endmacro %}


{# The currency an invoice line is booked in by its legal entity: its own word, else the reporting currency. #}
{% macro local_currency(lines='lines', parameters='parameters') -%}
coalesce({{ lines }}.local_currency_code, {{ parameters }}.reporting_currency)
{%- endmacro %}


{# Whether an invoice line brings the net amount its legal entity booked: it wins over what the line says itself. #}
{% macro has_local_net(lines='lines') -%}
{{ lines }}.local_net_amount is not null
            and {{ lines }}.gross_list_amount - {{ lines }}.revenue_deductions is not null
{%- endmacro %}


{# Whether that net amount is in another currency than the line: only then it can say a rate. #}
{% macro is_booked_abroad(lines='lines', parameters='parameters') -%}
{{ has_local_net(lines) }}
            and {{ lines }}.currency_code <> {{ local_currency(lines, parameters) }}
{%- endmacro %}


{#
    Whether an invoice line brings its own rate: a booked local net amount implies one, except where a net of zero or of the other sign
    implies none. Every other line in a foreign currency needs a published rate (int_contribution__amounts_to_convert).
#}
{% macro has_booked_rate(lines='lines', parameters='parameters') -%}
{{ is_booked_abroad(lines, parameters) }}
            and sign({{ lines }}.gross_list_amount - {{ lines }}.revenue_deductions) * sign({{ lines }}.local_net_amount) > 0
{%- endmacro %}


{#
    The columns of an invoice line in the reporting currency: gross, deductions, cogs. A booked local net amount wins: its implied
    rate converts gross and cogs, rounded, the rounding goes to the deductions. Where the local currency is not the reporting currency,
    these are converted once more, by the rate of the day, and the rounding goes to the deductions again. Where a net of zero or of the
    other sign implies no rate, or both are in one currency, the published one (of the reporting currency: 1) does, and the deductions take
    the rest: a discount on the whole document is one, and the goods cost what they cost (int_contribution__booked_nets tells how much). One home for accepted and for
    quarantined lines. `local_rates` is int_contribution__exchange_rates, joined by the local currency and the rate day.
#}
{% macro converted_line_amounts(lines='lines', rates='rates', parameters='parameters', local_rates='local_rates') -%}
{%- set net = lines ~ ".gross_list_amount - " ~ lines ~ ".revenue_deductions" -%}
{%- set is_booked = has_booked_rate(lines, parameters) -%}
{%- set local = local_currency(lines, parameters) -%}
{%- set local_gross = exact_div("cast(" ~ lines ~ ".gross_list_amount as decimal(38, 2)) * " ~ lines ~ ".local_net_amount", net, 2, decimals=4) -%}
{%- set local_cogs = exact_div("cast(" ~ lines ~ ".cogs as decimal(38, 2)) * " ~ lines ~ ".local_net_amount", net, 2, decimals=4) -%}
{%- set booked_gross = to_reporting('cast(' ~ local_gross ~ ' as decimal(18, 2))', local, local_rates, parameters) -%}
{%- set booked_net = to_reporting(lines ~ '.local_net_amount', local, local_rates, parameters) -%}
cast(
        case
            when {{ is_booked }} then {{ booked_gross }}
            else {{ to_reporting(lines ~ '.gross_list_amount', lines ~ '.currency_code', rates, parameters) }}
        end as decimal(18, 2)
    ) as gross_list_revenue,
    cast(
        case
            when {{ is_booked }} then {{ booked_gross }} - {{ booked_net }}
            when {{ has_local_net(lines) }}
                then {{ to_reporting(lines ~ '.gross_list_amount', lines ~ '.currency_code', rates, parameters) }} - {{ booked_net }}
            else {{ to_reporting(lines ~ '.revenue_deductions', lines ~ '.currency_code', rates, parameters) }}
        end as decimal(18, 2)
    ) as revenue_deductions,
    cast(
        case
            when {{ is_booked }} then {{ to_reporting('cast(' ~ local_cogs ~ ' as decimal(18, 2))', local, local_rates, parameters) }}
            else {{ to_reporting(lines ~ '.cogs', lines ~ '.currency_code', rates, parameters) }}
        end as decimal(18, 2)
    ) as cogs
{%- endmacro %}
