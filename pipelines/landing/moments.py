"""Delivered days and moments -> a date, or UTC without zone, as SQL expressions.

Belongs here: what a declared date format, a zone and an offset make of a text. Not here: the declaration
(settings/date_format.py), columns and their limits (grammar.py). Every expression is total: what the calendar has not is
NULL.

Two readings of a text: as written (the wall clock's, its offset set aside) and as an instant. A day is what is written
where the time is 00:00: midnight in the source's own zone is that day and never the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.quoting import literal, literals
from pipelines.settings.date_format import OFFSET, DateFormat

_ISO_DAY = "%Y-%m-%d"
_ISO_MOMENTS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
_EPOCHS = {"excel": "1899-12-30", "excel_1904": "1904-01-01"}
_FINE = r"([.,][0-9]{6})[0-9]{1,3}"
_FIRST = literal("\\1")
_ISO_LOCAL = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?"


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the times of a source are from. `zone` is of times without offset, `company_zone` the company's: a day without
    a time is a day of the company. Not `has_time`: 00:00 says that the time is not known."""

    zone: str
    company_zone: str
    has_time: bool = True


def shape_of(text: str, form: DateFormat | None) -> str:
    """Whether `text` is written as declared (None: ISO 8601)."""
    if form is None:
        return f"regexp_full_match({text}, {literal(f'{_ISO_LOCAL}{OFFSET}?')})"
    return f"regexp_full_match({text}, {literal(_bare(form.regex))})"


def day(text: str, form: DateFormat, zone: str) -> str:
    """The date in a text of the right shape."""
    written = _written(text, form)
    if form.month_day == "last":
        return f"last_day({written})"
    if form.counted in ("unix", "unix_ms"):
        local = _local(f"({written}) at time zone 'UTC'", zone)
        return f"case when {_is_midnight(written)} then ({written})::date else ({local})::date end"
    if form.zoned:
        local = _local(_zoned(text, form), zone)
        is_written = f"not {_has_offset(text, form)} or {_is_midnight(written)}"
        return f"case when {is_written} then ({written})::date else ({local})::date end"
    # DuckDB's own way of writing dates is read several times faster.
    return f"try_cast({text} as date)" if form.strptimes == (_ISO_DAY,) else f"({written})::date"


def moment(text: str, form: DateFormat | None, clock: Clock) -> str:
    """The moment in a text of the right shape, in UTC without zone."""
    written = _written(text, form)
    if form is not None and form.counted in ("unix", "unix_ms"):
        found = written
    elif form is not None and not form.zoned:
        found = utc(written, clock.zone)
    else:
        found = f"case when {_has_offset(text, form)} then {_zoned(text, form)}::timestamp else {utc(written, clock.zone)} end"
    if clock.has_time:
        return found
    return f"case when {_is_midnight(written)} then {utc(written, clock.company_zone)} else {found} end"


def is_day_only(text: str, form: DateFormat | None) -> str:
    """Whether the moment in a text of the right shape is written without a time, or with 00:00."""
    return _is_midnight(_written(text, form))


def utc(local: str, zone: str) -> str:
    """A moment without offset in a zone, as UTC without zone. ICU is part of the DuckDB wheel."""
    if zone in ("UTC", "Etc/UTC"):
        return f"({local})::timestamp"
    return f"(({local})::timestamp at time zone {literal(zone)})::timestamp"


def _local(instant: str, zone: str) -> str:
    return f"({instant}) at time zone {literal(zone)}"


def _is_midnight(local: str) -> str:
    return f"({local}) = date_trunc('day', {local})"


def _has_offset(text: str, form: DateFormat | None) -> str:
    expression = f"{_ISO_LOCAL}{OFFSET}" if form is None else _bare(form.zoned_regex)
    return f"regexp_full_match({text}, {literal(expression)})"


def _written(text: str, form: DateFormat | None) -> str:
    """The wall clock's time in `text`, whatever its offset."""
    if form is None:
        clock = "([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)"
        bare = f"regexp_replace({text}, {literal(f'{clock}{OFFSET}$')}, {_FIRST})"
        return f"try_cast({_iso_padded(bare)} as timestamp)"
    match form.counted:
        case "unix":
            return f"make_timestamp(try_cast({text} as bigint) * 1000000)"
        case "unix_ms":
            return f"make_timestamp(try_cast({text} as bigint) * 1000)"
        case "excel" | "excel_1904":
            days = f"try_cast(replace({text}, ',', '.') as double)"
            return f"timestamp {literal(_EPOCHS[form.counted])} + to_seconds(round({days} * 86400)::bigint)"
        case _:
            pass
    if len(form.strptimes) == 1 and form.strptimes[0] in _ISO_MOMENTS and not form.zoned:
        # The shape has no 24:00:00, which only a cast takes.
        return f"try_cast({text} as timestamp)"
    bare = _microseconds(text, form)
    if form.zoned:
        without = f"regexp_replace({bare}, {literal(f'{OFFSET}$')}, '')"
        bare = f"case when {_has_offset(text, form)} then {without} else {bare} end"
    return _parsed(bare, tuple(dict.fromkeys((*form.strptimes, *(each.removesuffix("%z") for each in form.zoned)))))


def _zoned(text: str, form: DateFormat | None) -> str:
    """The instant of a text with an offset, as TIMESTAMP WITH TIME ZONE."""
    if form is None:
        return f"try_cast({_iso_padded(text)} as timestamptz)"
    fine = _microseconds(text, form)
    return _parsed(f"regexp_replace({fine}, '[Zz]$', '+00:00')", form.zoned)


def _parsed(text: str, formats: tuple[str, ...]) -> str:
    return f"try_strptime({text}, {literal(formats[0]) if len(formats) == 1 else f'[{literals(formats)}]'})"


def _microseconds(text: str, form: DateFormat) -> str:
    """`text` without what is finer than a microsecond."""
    return f"regexp_replace({text}, {literal(_FINE)}, {_FIRST})" if form.has_fraction else text


def _iso_padded(text: str) -> str:
    return f"regexp_replace({text}, '([T ][0-9]{{2}}:[0-9]{{2}})($|[Zz]|[+-])', '\\1:00\\2')"


def _bare(expression: str) -> str:
    """An expression without its anchors (the full match anchors)."""
    return expression.removeprefix("^").removesuffix("$")
