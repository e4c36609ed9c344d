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
from pipelines.landing import moments
from pipelines.quoting import constant, literal, literals
from pipelines.settings.date_format import ISO as ISO_PATTERN
from pipelines.settings.date_format import DateFormat, parse_date_format
from pipelines.settings.sources import CellWords, CsvFormat, ExcelFormat, Format, RatingSheetFormat
from pipelines.sources import ANYTHING, TextFacts

_BLANKS = ("' '", "chr(9)", "chr(160)")
_BLANK_SIGNS = " \u00a0\u202f"
_COMMON_CURRENCIES = ("CHF", "EUR", "GBP", "USD")

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
SUSPECT = r"[\x{80}-\x{9f}\x{fffd}]|[ÃÂ][\x{80}-\x{bf}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|[├√][^\x00-\x7f]"
"""What a wrong encoding leaves (RE2): C1 control characters, replacement characters, UTF-8 read as Windows-1252
("MÃ¼ller"), DOS ("M├╝ller") or Mac ("M√ºller"). A capital Ã before a letter is Portuguese and fine."""

_NOT_FINITE = r"(?i)[+-]?(nan|inf|infinity)"
_EXCEL_ERRORS = tuple("#N/A #NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #GETTING_DATA #SPILL! #CALC! #FIELD!".split())  # noqa: SIM905
_EXACT_TYPES = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(\d+,\d+\)")
_FLOAT_TYPES = ("FLOAT", "DOUBLE")
_TIMESTAMP_TYPES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")


class UnsuitableTypeError(ValueError):
    """A delivered column's own type cannot hold the contract's values exactly; the message says why."""


_ISO_DAY = replace(parse_date_format("yyyy-mm-dd"), regex="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
"""What is written so is a date; whether the calendar has it is another question."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """How delivered text is written."""

    decimal: str = "."
    thousands: str | None = None
    date: DateFormat = _ISO_DAY
    timestamp: DateFormat | None = None
    """None: ISO 8601, with T or a blank, fractions and an offset if there is one."""
    null: tuple[str, ...] = ("",)
    true: tuple[str, ...] = ("true",)
    false: tuple[str, ...] = ("false",)
    trailing_minus: bool = False
    parentheses_negative: bool = False
    strip: tuple[str, ...] = ()
    """Beside a number, with the blanks around them, they mean nothing."""
    round: bool = False
    """More decimal places than a column holds are rounded half away from zero; otherwise they are no number of it."""
    has_time: bool = True
    """Otherwise a moment at 00:00 is a day whose time is not known."""
    errors: tuple[str, ...] = ()
    """Texts a cell shows where its formula failed; none of them is a value."""


ISO = Grammar()
"""Text in Parquet files and in results of SQL mappings."""


def grammar_of(declared: CsvFormat) -> Grammar:
    """The grammar a CSV format declares."""
    moment = declared.timestamp_format
    return Grammar(
        decimal=declared.decimal,
        thousands=declared.thousands_sign,
        date=declared.date_format,
        timestamp=None if moment.pattern == ISO_PATTERN else moment,
        null=declared.null,
        true=declared.true,
        false=declared.false,
        trailing_minus=declared.trailing_minus,
        parentheses_negative=declared.parentheses_negative,
        strip=declared.strip,
        round=declared.round,
        has_time=declared.has_time,
    )


def grammar_for(declared: Format) -> Grammar:
    """The grammar of the texts in a delivery: of a text file what its format declares, of typed ones what it says of text cells."""
    match declared:
        case CsvFormat():
            return grammar_of(declared)
        case CellWords():
            return replace(
                grammar_of(declared.as_text),
                errors=_EXCEL_ERRORS if isinstance(declared, ExcelFormat) else (),
            )
        case RatingSheetFormat():
            return replace(ISO, errors=_EXCEL_ERRORS)
        case _:
            return replace(ISO, has_time=declared.has_time)


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

    def clock(self, grammar: Grammar) -> moments.Clock:
        """Where the times of a source written so are from."""
        return moments.Clock(self.time_zone, self.company_zone or self.time_zone, grammar.has_time)


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
        value, faults = _from_native(column, kind, delivered, grammar, around)
    missing = "'NULL_REQUIRED'" if column.required else "null"
    limits = " ".join(_limits(column, value_name, around))
    absent = f"case when {delivered} is null then {missing} else {faults} end"
    return Reading(value, f"case when {value_name} is null then {absent} {limits} end", bool(limits))


def time_is_known(kind: str, delivered: str, grammar: Grammar) -> str:
    """Whether a moment was delivered with its time: 'true' or 'false' where that is so of all, else an expression."""
    if kind == "DATE":
        return "false"
    if grammar.has_time:
        return "true"
    if kind == "VARCHAR":
        shape = moments.shape_of(delivered, grammar.timestamp)
        return f"case when {shape} then not {moments.is_day_only(delivered, grammar.timestamp)} end"
    written = f"{delivered} at time zone 'UTC'" if kind.endswith("ZONE") else f"{delivered}::timestamp"
    return f"({written}) <> date_trunc('day', {written})"


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
    if grammar.strip:
        blanks = literal(f"({'|'.join(map(re.escape, grammar.strip))}|[{_BLANK_SIGNS}])")
        # Blanks between groups are the thousands sign, and no part of the number either.
        plain = f"regexp_replace({plain}, {blanks}, '', 'g')"
    if grammar.thousands is not None:
        plain = f"replace({plain}, {literal(grammar.thousands)}, '')"
    if grammar.decimal != ".":
        plain = f"replace({plain}, {literal(grammar.decimal)}, '.')"
    if grammar.trailing_minus:
        plain = f"case when suffix({plain}, '-') then '-' || rtrim({plain}, '-') else {plain} end"
    if grammar.parentheses_negative:
        plain = f"case when prefix({plain}, '(') then '-' || trim({plain}, '()') else {plain} end"
    return plain


def number_expression(grammar: Grammar, scale: int | None = None) -> str:
    """RE2 (and Python) expression of a whole number text; with `scale`, of one whose further decimal places are all 0.

    A group of thousands never begins with 0: 0.500 is half of something, written with another decimal sign.
    """
    decimal = re.escape(grammar.decimal)
    whole = "[0-9]+"
    if grammar.thousands is not None:
        whole = rf"([0-9]+|[1-9][0-9]{{0,2}}({re.escape(grammar.thousands)}[0-9]{{3}})+)"
    fraction = {None: "[0-9]+", 0: "0+"}.get(scale, rf"[0-9]{{1,{scale}}}0*")
    unsigned = rf"{whole}({decimal}{fraction})?"
    minus = "-?"
    if grammar.strip:
        either, blanks = f"({'|'.join(map(re.escape, grammar.strip))})", f"[{_BLANK_SIGNS}]*"
        before = rf"({either}{blanks})?"
        # The minus may stand on either side of what is stripped: -5 EUR, EUR -5.
        minus, unsigned = rf"(-?{before}|{before}-)", rf"{unsigned}({blanks}{either})?"
        behind = rf"{before}{whole}({decimal}{fraction})?(-|-{blanks}{either}|{blanks}{either}-)"
        enclosed = rf"{before}{unsigned}"
        shapes = [rf"{minus}{unsigned}", *([behind] if grammar.trailing_minus else [])]
        if grammar.parentheses_negative:
            shapes += [rf"\({enclosed}\)", rf"{before}\({whole}({decimal}{fraction})?\)({blanks}{either})?"]
    else:
        shapes = [rf"{minus}{unsigned}", *([rf"{unsigned}-"] if grammar.trailing_minus else [])]
        shapes += [rf"\({unsigned}\)"] if grammar.parentheses_negative else []
    return shapes[0] if len(shapes) == 1 else f"({'|'.join(shapes)})"


def folded(text: str) -> str:
    """What two spellings of one code share: case and the way of writing umlauts set aside."""
    return f"lower(nfc_normalize({text}))"


def in_own_spelling(value: str, texts: Iterable[str]) -> str:
    """`value` in the spelling of that of `texts` it matches but for case; any other as it is."""
    texts = tuple(texts)
    by_folded = {text.lower(): text for text in texts}
    if len(by_folded) != len(texts):
        return value
    known = f"list_position([{literals(by_folded)}], {folded(value)})"
    own = f"list_extract([{literals(by_folded.values())}], {known})"
    return f"case when {one_of(value, texts)} then {value} else coalesce(nullif({own}, ''), {value}) end"


def _limits(column: Column, value: str, around: Surroundings) -> Iterator[str]:
    if column.type == "string":
        if column.allowed_values:
            yield f"when not {one_of(value, column.allowed_values)} then 'VALUE_NOT_ALLOWED'"
        elif column.code_list is not None:
            # The long list is compared one by one, so only what is not common pays for it.
            known = f"case when {one_of(value, _COMMON_CURRENCIES)} then true else {one_of(value, ISO_4217)} end"
            yield f"when not {known} then 'CURRENCY_UNKNOWN'"
        else:
            if around.facts.has_control_signs:
                yield f"when regexp_matches({value}, {literal(_CONTROL)}) then 'CONTROL_CHAR'"
            if around.facts.has_suspect_signs and column.key:
                # Such a key meets nothing.
                yield f"when regexp_matches({value}, {literal(SUSPECT)}) then 'MOJIBAKE_SUSPECT'"
        if column.pattern is not None:
            yield f"when not regexp_full_match({value}, {literal(column.pattern)}) then 'VALUE_NOT_ALLOWED'"
        return
    code = "NUM_RANGE" if column.is_number else "DATE_RANGE"
    for limit, sign in ((column.minimum, "<"), (column.maximum, ">")):
        if limit is not None:
            yield f"when {value} {sign} {constant(limit)} then {literal(code)}"
    if not column.is_number and column.type != "boolean":
        # Typed files hold what no text can say: the year 2941830, infinity.
        yield f"when {value}::date not between date '0001-01-01' and date '9999-12-31' then 'DATE_RANGE'"
    if column.maximum_days_after_delivery is not None and around.delivered_on is not None:
        latest = f"{constant(around.delivered_on)} + {column.maximum_days_after_delivery}"
        yield f"when {value}::date > {latest} then 'DATE_RANGE'"


def _from_text(column: Column, text: str, grammar: Grammar, around: Surroundings) -> tuple[str, str]:
    if column.is_number:
        return _number(column, text, grammar)
    match column.type:
        case "date":
            shape = moments.shape_of(text, grammar.date)
            value = f"case when {shape} then {moments.day(text, grammar.date, around.time_zone)} end"
            return value, f"case when {shape} then 'DATE_INVALID' else 'DATE_FORMAT' end"
        case "timestamp":
            shape = moments.shape_of(text, grammar.timestamp)
            value = f"case when {shape} then {moments.moment(text, grammar.timestamp, around.clock(grammar))} end"
            return value, f"case when {shape} then 'DATE_INVALID' else 'DATE_FORMAT' end"
        case "boolean":
            pairs = (("true", grammar.true), ("false", grammar.false))
            exact = " ".join(f"when {one_of(text, tokens)} then {meaning}" for meaning, tokens in pairs if tokens)
            alike = " ".join(
                f"when {one_of(folded(text), [token.lower() for token in tokens])} then {meaning}"
                for meaning, tokens in pairs
                if tokens
            )
            return f"case {exact} {alike} else null::boolean end", "'TYPE'"
        case _:
            return _code(column, f"nfc_normalize({text})"), "'TYPE'"


def _code(column: Column, text: str) -> str:
    """A text of a list in the list's own spelling."""
    if column.allowed_values:
        return in_own_spelling(text, column.allowed_values)
    if column.code_list is not None:
        return f"case when {one_of(text, _COMMON_CURRENCIES)} then {text} else upper({text}) end"
    return text


def _number(column: Column, text: str, grammar: Grammar) -> tuple[str, str]:
    plain = number_text(text, grammar)
    # A cast to the column's type rounds half away from zero.
    scale = None if grammar.round else column.scale
    fits = f"regexp_full_match({text}, {literal(number_expression(grammar, scale))})"
    value = f"case when {fits} then try_cast({plain} as {column.sql_type}) end"
    faults = (
        f"case when {fits} then 'NUM_OVERFLOW' "
        f"when regexp_full_match({text}, {literal(number_expression(grammar))}) then 'NUM_SCALE' "
        f"when regexp_full_match({text}, {literal(_NOT_FINITE)}) then 'NUM_NOT_FINITE' else 'NUM_FORMAT' end"
    )
    return value, faults


def is_rounded(column: Column, text: str, grammar: Grammar) -> str:
    """Whether a number text has more decimal places than its column holds, other than 0."""
    return (
        f"regexp_full_match({text}, {literal(number_expression(grammar))}) "
        f"and not regexp_full_match({text}, {literal(number_expression(grammar, column.scale))})"
    )


def _from_native(column: Column, kind: str, value: str, grammar: Grammar, around: Surroundings) -> tuple[str, str]:
    exact = _EXACT_TYPES.fullmatch(kind) is not None
    found: tuple[str, str] | None = None
    if column.is_number:
        found = _number_from_native(column, kind, value, exact=exact)
    elif column.type == "string" and (exact or kind in ("DATE", "BOOLEAN", "UUID") or kind.startswith("ENUM")):
        found = f"nfc_normalize({value}::varchar)", "'TYPE'"
    elif column.type == "boolean" and (exact or kind == "BOOLEAN"):
        found = (f"case {value} when 1 then true when 0 then false end" if exact else value), "'TYPE'"
    elif column.type in ("date", "timestamp") and kind in (*_TIMESTAMP_TYPES, "DATE"):
        found = _time_from_native(column, kind, value, grammar, around)
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


def _time_from_native(column: Column, kind: str, value: str, grammar: Grammar, around: Surroundings) -> tuple[str, str]:
    has_zone = kind.endswith("ZONE")
    if column.type == "timestamp":
        clock = around.clock(grammar)
        day = moments.utc(f"date_trunc('day', {value})", clock.company_zone)
        if kind == "DATE":
            return day, "'DATE_INVALID'"
        found = f"{value}::timestamp" if has_zone else moments.utc(value, clock.zone)
        if not grammar.has_time:
            written = f"{value} at time zone 'UTC'" if has_zone else f"{value}::timestamp"
            found = f"case when ({written}) = date_trunc('day', {written}) then {moments.utc(written, clock.company_zone)} else {found} end"
        return found, "'DATE_INVALID'"
    if kind == "DATE":
        return value, "'DATE_INVALID'"
    local = f"({value} at time zone {literal(around.time_zone)})" if has_zone else f"{value}::timestamp"
    days = [f"when {local} = date_trunc('day', {local}) then {local}::date"]
    if has_zone:
        # A warehouse keeps a day as midnight of UTC: it is that day in every zone.
        written = f"({value} at time zone 'UTC')"
        days.append(f"when {written} = date_trunc('day', {written}) then {written}::date")
    return f"case {' '.join(days)} end", "'DATE_FORMAT'"
