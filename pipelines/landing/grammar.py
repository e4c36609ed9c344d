"""Delivered value -> typed value or reason code, as SQL expressions; one function per type.

Belongs here: the strict grammar of numbers, dates, booleans and texts, and a column's own limits. Not here: which
columns a table has, running SQL. Every expression is total: it never raises, it names a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipelines.contracts import Column
from pipelines.contracts.currencies import ISO_4217
from pipelines.quoting import constant, literal, literals
from pipelines.settings.sources import CellWords, CsvFormat, ExcelFormat, Format
from pipelines.sources import ANYTHING, TextFacts

_BLANKS = ("' '", "chr(9)", "chr(160)")
_COMMON_CURRENCIES = ("CHF", "EUR", "GBP", "USD")

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_NOT_FINITE = r"(?i)[+-]?(nan|inf|infinity)"
_EXCEL_ERRORS = tuple("#N/A #NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #GETTING_DATA #SPILL! #CALC! #FIELD!".split())  # noqa: SIM905
_EXACT_TYPES = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(\d+,\d+\)")
_FLOAT_TYPES = ("FLOAT", "DOUBLE")
_TIMESTAMP_TYPES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")


class UnsuitableTypeError(ValueError):
    """A delivered column's own type cannot hold the contract's values exactly; the message says why."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """How delivered text is written. `date` and `timestamp` are (RE2 expression, strptime format)."""

    decimal: str = "."
    thousands: str | None = None
    date: tuple[str, str] = (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d")
    timestamp: tuple[str, str] | None = None
    """None: ISO 8601, with T or a blank, fractions and an offset if there is one."""
    null: tuple[str, ...] = ("",)
    true: tuple[str, ...] = ("true",)
    false: tuple[str, ...] = ("false",)
    trailing_minus: bool = False
    errors: tuple[str, ...] = ()
    """Texts a cell shows where its formula failed; none of them is a value."""


ISO = Grammar()
"""Text in Parquet files and in results of SQL mappings."""


def grammar_of(declared: CsvFormat) -> Grammar:
    """The grammar a CSV format declares."""
    day, moment = declared.date_format, declared.timestamp_format
    return Grammar(
        decimal=declared.decimal,
        thousands=declared.thousands,
        date=(day.regex, day.strptime),
        timestamp=(moment.regex, moment.strptime),
        null=declared.null,
        true=declared.true,
        false=declared.false,
    )


def grammar_for(declared: Format) -> Grammar:
    """The grammar of the texts in a delivery: of a text file what its format declares, of typed ones what it says of text cells."""
    match declared:
        case CsvFormat():
            return grammar_of(declared)
        case CellWords():
            said = grammar_of(declared.as_text)
            moment = None if declared.timestamp is None else said.timestamp
            return replace(said, timestamp=moment, errors=_EXCEL_ERRORS if isinstance(declared, ExcelFormat) else ())
        case _:
            return ISO


@dataclass(frozen=True, slots=True)
class Reading:
    """Two SQL expressions. `value` is NULL where the text does not parse; `reason` is a code, or NULL where all is
    well.

    `reason` refers to the value by the name it was given, so that it is computed once. Where not `is_limited`, a value
    that is there has no reason.
    """

    value: str
    reason: str
    is_limited: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else decides about a value: the zone of moments without offset, the day the delivery was made (if declared), what its texts
    may hold, and the company's zone where it is another one: a day without a time is a day of the company."""

    time_zone: str
    delivered_on: date | None = None
    facts: TextFacts = ANYTHING
    company_zone: str | None = None


def reading(
    column: Column, kind: str, delivered: str, value_name: str, *, grammar: Grammar, around: Surroundings
) -> Reading:
    """How `delivered` (an expression of DuckDB type `kind`, text already trimmed and without null tokens) becomes
    `column`.

    Raises UnsuitableTypeError if the type as such cannot be taken.
    """
    if kind == "VARCHAR":
        value, faults = _from_text(column, delivered, grammar, around)
        if grammar.errors:
            is_error = one_of(delivered, grammar.errors)
            value = f"case when not {is_error} then {value} end"
            faults = f"case when {is_error} then 'CELL_ERROR' else {faults} end"
    else:
        value, faults = _from_native(column, kind, delivered, around)
    missing = "'NULL_REQUIRED'" if column.required else "null"
    limits = " ".join(_limits(column, value_name, around))
    absent = f"case when {delivered} is null then {missing} else {faults} end"
    return Reading(value, f"case when {value_name} is null then {absent} {limits} end", bool(limits))


def canonical(column: Column, text: str | None, around: Surroundings) -> str:
    """The SQL value of a text of the configuration, written in the contract's own grammar."""
    return f"null::{column.sql_type}" if text is None else _from_text(column, literal(text), ISO, around)[0]


def trimmed(text: str) -> str:
    """`text` without the spaces, tabs and no-break spaces around it; they mean nothing.

    Looking for any of them first is several times cheaper than trimming every value.
    """
    any_blank = " or ".join(f"contains({text}, {blank})" for blank in _BLANKS)
    return f"case when {any_blank} then trim({text}, {' || '.join(_BLANKS)}) else {text} end"


def one_of(value: str, texts: Iterable[str]) -> str:
    """Whether `value` is one of `texts`; NULL where it is NULL.

    Not `in`: of a longer list DuckDB makes a join, and rows leave it in another order than they came; their position is
    their line number.
    """
    return f"list_contains([{literals(texts)}], {value})"


def number_text(text: str, grammar: Grammar) -> str:
    """Delivered number text as plain text with a decimal point (only meaningful where it matches the grammar)."""
    plain = text
    if grammar.thousands is not None:
        plain = f"replace({plain}, {literal(grammar.thousands)}, '')"
    if grammar.decimal != ".":
        plain = f"replace({plain}, {literal(grammar.decimal)}, '.')"
    if grammar.trailing_minus:
        plain = f"case when suffix({plain}, '-') then '-' || rtrim({plain}, '-') else {plain} end"
    return plain


def number_expression(grammar: Grammar, scale: int | None = None) -> str:
    """RE2 expression of a whole number text; with `scale`, of one whose further decimal places are all 0."""
    decimal = re.escape(grammar.decimal)
    whole = "[0-9]+"
    if grammar.thousands is not None:
        whole = rf"([0-9]+|[0-9]{{1,3}}({re.escape(grammar.thousands)}[0-9]{{3}})+)"
    fraction = {None: "[0-9]+", 0: "0+"}.get(scale, rf"[0-9]{{1,{scale}}}0*")
    unsigned = rf"{whole}({decimal}{fraction})?"
    return rf"(-?{unsigned}|{unsigned}-)" if grammar.trailing_minus else rf"-?{unsigned}"


def _limits(column: Column, value: str, around: Surroundings) -> Iterator[str]:
    if column.type == "string":
        if column.allowed_values:
            yield f"when not {one_of(value, column.allowed_values)} then 'VALUE_NOT_ALLOWED'"
        elif column.code_list is not None:
            # The long list is compared one by one, so only what is not common pays for it.
            known = f"case when {one_of(value, _COMMON_CURRENCIES)} then true else {one_of(value, ISO_4217)} end"
            yield f"when not {known} then 'CURRENCY_UNKNOWN'"
        elif around.facts.has_control_signs:
            yield f"when regexp_matches({value}, {literal(_CONTROL)}) then 'CONTROL_CHAR'"
        if column.pattern is not None:
            yield f"when not regexp_full_match({value}, {literal(column.pattern)}) then 'VALUE_NOT_ALLOWED'"
        return
    code = "NUM_RANGE" if column.is_number else "DATE_RANGE"
    for limit, sign in ((column.minimum, "<"), (column.maximum, ">")):
        if limit is not None:
            yield f"when {value} {sign} {constant(limit)} then {literal(code)}"
    if column.maximum_days_after_delivery is not None and around.delivered_on is not None:
        latest = f"{constant(around.delivered_on)} + {column.maximum_days_after_delivery}"
        yield f"when {value}::date > {latest} then 'DATE_RANGE'"


def _from_text(column: Column, text: str, grammar: Grammar, around: Surroundings) -> tuple[str, str]:
    if column.is_number:
        return _number(column, text, grammar)
    match column.type:
        case "date":
            expression, pattern = grammar.date
            shape = f"regexp_full_match({text}, {literal(_bare(expression))})"
            value = f"case when {shape} then {_day(text, pattern)} end"
            return value, f"case when {shape} then 'DATE_INVALID' else 'DATE_FORMAT' end"
        case "timestamp":
            return _moment(text, grammar, around)
        case "boolean":
            pairs = (("true", grammar.true), ("false", grammar.false))
            cases = " ".join(f"when {one_of(text, tokens)} then {meaning}" for meaning, tokens in pairs if tokens)
            return f"case {cases} else null::boolean end", "'TYPE'"
        case _:
            return f"nfc_normalize({text})", "'TYPE'"


def _number(column: Column, text: str, grammar: Grammar) -> tuple[str, str]:
    plain = number_text(text, grammar)
    fits = f"regexp_full_match({text}, {literal(number_expression(grammar, column.scale))})"
    value = f"case when {fits} then try_cast({plain} as {column.sql_type}) end"
    faults = (
        f"case when {fits} then 'NUM_OVERFLOW' "
        f"when regexp_full_match({text}, {literal(number_expression(grammar))}) then 'NUM_SCALE' "
        f"when regexp_full_match({text}, {literal(_NOT_FINITE)}) then 'NUM_NOT_FINITE' else 'NUM_FORMAT' end"
    )
    return value, faults


def _moment(text: str, grammar: Grammar, around: Surroundings) -> tuple[str, str]:
    if grammar.timestamp is not None:
        expression, pattern = grammar.timestamp
        shape = f"regexp_full_match({text}, {literal(_bare(expression))})"
        value = f"case when {shape} then {_utc(_local_moment(text, pattern), around.time_zone)} end"
        return value, f"case when {shape} then 'DATE_INVALID' else 'DATE_FORMAT' end"
    local = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
    offset = r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
    plain = f"regexp_full_match({text}, {literal(local)})"
    shifted = f"regexp_full_match({text}, {literal(local + offset)})"
    padded = f"regexp_replace({text}, '([T ][0-9]{{2}}:[0-9]{{2}})($|Z|[+-])', '\\1:00\\2')"
    value = (
        f"case when {plain} then {_utc(f'try_cast({padded} as timestamp)', around.time_zone)} "
        f"when {shifted} then try_cast({padded} as timestamptz)::timestamp end"
    )
    return value, f"case when {plain} or {shifted} then 'DATE_INVALID' else 'DATE_FORMAT' end"


def _day(text: str, pattern: str) -> str:
    """The date in a text of the right shape. DuckDB's own way of writing dates is read several times faster."""
    return f"try_cast({text} as date)" if pattern == "%Y-%m-%d" else f"try_strptime({text}, {literal(pattern)})::date"


def _local_moment(text: str, pattern: str) -> str:
    """As `_day`; the shape has no 24:00:00, which only a cast takes."""
    is_iso = pattern in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
    return f"try_cast({text} as timestamp)" if is_iso else f"try_strptime({text}, {literal(pattern)})"


def _utc(local: str, zone: str) -> str:
    """A moment without offset in a zone, as UTC without zone. ICU is part of the DuckDB wheel."""
    if zone in ("UTC", "Etc/UTC"):
        return f"({local})::timestamp"
    return f"(({local})::timestamp at time zone {literal(zone)})::timestamp"


def _bare(expression: str) -> str:
    """An expression without its anchors (the full match anchors)."""
    return expression.removeprefix("^").removesuffix("$")


def _from_native(column: Column, kind: str, value: str, around: Surroundings) -> tuple[str, str]:
    exact = _EXACT_TYPES.fullmatch(kind) is not None
    found: tuple[str, str] | None = None
    if column.is_number:
        found = _number_from_native(column, kind, value, exact=exact)
    elif column.type == "string" and (exact or kind in ("DATE", "BOOLEAN", "UUID") or kind.startswith("ENUM")):
        found = f"nfc_normalize({value}::varchar)", "'TYPE'"
    elif column.type == "boolean" and (exact or kind == "BOOLEAN"):
        found = (f"case {value} when 1 then true when 0 then false end" if exact else value), "'TYPE'"
    elif column.type in ("date", "timestamp") and kind in (*_TIMESTAMP_TYPES, "DATE"):
        found = _time_from_native(column, kind, value, around)
    if found is None:
        is_float = column.is_money and kind in _FLOAT_TYPES
        why = "binary floating point does not hold money exactly" if is_float else f"{column.type} is expected"
        raise UnsuitableTypeError(f"the column is delivered as {kind}, {why}")
    return found


def _number_from_native(column: Column, kind: str, value: str, *, exact: bool) -> tuple[str, str] | None:
    cast = f"try_cast({value} as {column.sql_type})"
    overflow = f"when {cast} is null then 'NUM_OVERFLOW' else 'NUM_SCALE' end"
    if exact:
        return f"case when {cast} = {value} then {cast} end", f"case {overflow}"
    if kind in _FLOAT_TYPES and not column.is_money:
        whole = f"{value} = trunc({value})" if column.scale == 0 else "true"
        faults = f"case when not isfinite({value}) then 'NUM_NOT_FINITE' {overflow}"
        return f"case when isfinite({value}) and {whole} then {cast} end", faults
    return None


def _time_from_native(column: Column, kind: str, value: str, around: Surroundings) -> tuple[str, str]:
    has_zone = kind.endswith("ZONE")
    if column.type == "timestamp":
        zone = around.company_zone or around.time_zone if kind == "DATE" else around.time_zone
        return (f"{value}::timestamp" if has_zone else _utc(value, zone)), "'DATE_INVALID'"
    if kind == "DATE":
        return value, "'DATE_INVALID'"
    local = f"({value} at time zone {literal(around.time_zone)})" if has_zone else f"{value}::timestamp"
    return f"case when {local} = date_trunc('day', {local}) then {local}::date end", "'DATE_FORMAT'"
