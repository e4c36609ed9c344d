"""A text in both languages, and numbers as each language writes them. Belongs here: forms. Not here: the words themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NBSP: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in German and in English."""

    de: str
    en: str

    def filled(self, **parts: Text | str) -> Text:
        """With `{name}` replaced in both languages; raises KeyError for a name that is not given."""
        german = {name: part.de if isinstance(part, Text) else part for name, part in parts.items()}
        english = {name: part.en if isinstance(part, Text) else part for name, part in parts.items()}
        return Text(self.de.format(**german), self.en.format(**english))


def same(words: str) -> Text:
    """A name or code that no language changes."""
    return Text(words, words)


def number(value: Decimal | int, digits: int = 0) -> Text:
    """`1.234,5` and `1,234.5`, rounded half away from zero."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else ""
    english = f"{abs(rounded):,.{digits}f}"
    return Text(sign + english.translate(str.maketrans(",.", ".,")), sign + english)


def money(value: Decimal | None, currency: str, digits: int = 0) -> Text:
    """An amount with its currency; a dash where it is unknown."""
    if value is None:
        return same("–")
    amount = number(value, digits)
    return Text(f"{amount.de}{NBSP}{currency}".strip(), f"{amount.en}{NBSP}{currency}".strip())


def percent(ratio: Decimal | None, digits: int = 1) -> Text:
    """A ratio 0..1 as `12,3 %` and `12.3%`; a dash where it is unknown."""
    if ratio is None:
        return same("–")
    shown = number(ratio * 100, digits)
    return Text(f"{shown.de}{NBSP}%", f"{shown.en}%")


def day(value: date) -> Text:
    """`30.09.2026` and `30 Sep 2026`."""
    return Text(f"{value:%d.%m.%Y}", f"{value.day}{NBSP}{_MONTHS[value.month - 1]}{NBSP}{value.year}")


def moment(value: datetime) -> Text:
    """Day and time in UTC, to the minute."""
    utc = value.astimezone(UTC)
    return Text(f"{day(utc).de}, {utc:%H:%M} UTC", f"{day(utc).en}, {utc:%H:%M} UTC")


def month(period: str) -> Text:
    """`2026-09` as `09/2026` and `Sep 2026`; a year stays a year."""
    if len(period) != len("2026-09"):
        return same(period)
    year, number_of_month = period.split("-")
    return Text(f"{number_of_month}/{year}", f"{_MONTHS[int(number_of_month) - 1]}{NBSP}{year}")
