"""Typed values of other programs as text in a declared grammar, so that everything after the reader reads one grammar.

Belongs here: how a number, a day, a moment, a truth is written. Not here: where such values come from (excel_file, jsonl_file,
database).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from pipelines.errors import Problem, SourceError
from pipelines.settings.date_format import ISO, DateFormat
from pipelines.settings.sources import CellWords

UNCLEAR_NUMBER: Final = r"-?[0-9]{1,3}([.][0-9]{3})+"
"""Such a text (RE2 and Python) is a thousand times larger in one country than in another."""

_DIGITS: Final = 15
"""So many significant digits a spreadsheet shows; what a binary number has beyond them is noise."""


def decimal_text(value: float) -> str:
    """A binary number as the decimal one that was meant: 0.30000000000000004 is 0.3, 17850.0 is 17850."""
    if not math.isfinite(value):
        return str(value)
    text = format(Decimal(format(value, f".{_DIGITS}g")), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def writer(words: CellWords, *, is_moment: bool = False) -> Callable[[object], str | None]:
    """How a typed value is written as `words` say. A text is handed on as it is, an empty one is None.

    `is_moment`: the value's column holds moments, so a day without a time is a midnight.
    """
    text = words.as_text
    decimal = text.decimal
    day, moment = written_as(text.date_format, "%Y-%m-%d"), written_as(text.timestamp_format, "%Y-%m-%d %H:%M:%S")
    true, false = (tokens[0] if tokens else plain for tokens, plain in ((words.true, "true"), (words.false, "false")))
    by_type: dict[type, Callable[[Any], str | None]] = {
        type(None): lambda _: None,
        str: lambda text: text or None,
        bool: lambda truth: true if truth else false,
        float: lambda number: decimal_text(number).replace(".", decimal),
        datetime: lambda at: moment(_whole_second(at)),
        date: lambda on: (moment if is_moment else day)(datetime.combine(on, time())),
        time: lambda at: _whole_second(datetime.combine(date(1900, 1, 1), at)).strftime("%H:%M:%S"),
        timedelta: _hours,
    }
    return lambda value: by_type.get(type(value), str)(value)


_BEGINNINGS: Final = {
    "excel": (datetime.fromisoformat("1899-12-30"), timedelta(days=1)),
    "excel_1904": (datetime.fromisoformat("1904-01-01"), timedelta(days=1)),
    "unix": (datetime.fromisoformat("1970-01-01"), timedelta(seconds=1)),
    "unix_ms": (datetime.fromisoformat("1970-01-01"), timedelta(milliseconds=1)),
}


def written_as(form: DateFormat, iso: str) -> Callable[[datetime], str]:
    """How a typed day or moment is written so that `form` reads it; where it counts, as that number. What a pattern cannot say (a
    day of a month of which it names the last, an offset) is written as ISO does: the pattern then refuses it."""
    if form.counted is not None:
        begin, unit = _BEGINNINGS[form.counted]
        return lambda at: decimal_text((at - begin) / unit)
    if form.pattern == ISO or form.month_day is not None or not form.strptimes:
        return lambda at: at.strftime(iso)
    return lambda at: at.strftime(form.strptimes[0])


def _hours(duration: timedelta) -> str:
    seconds = round(duration.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _whole_second(moment: datetime) -> datetime:
    """A spreadsheet counts in fractions of a day: half past one is 13:29:59.999999 there."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def unclear(text: str, where: str) -> SourceError:
    """The refusal of a text cell that is one number or a thousand times that."""
    what = (
        f"the cell holds the text '{text}': it is not said whether that is a thousand or a fraction; nothing was loaded"
    )
    remedy = 'write `decimal: ","` or `decimal: "."` into the format: what the sign means in text cells'
    return SourceError(Problem("NUM_UNCLEAR", what, where, remedy))
