"""Numbers and dates as a language writes them, by Babel. Belongs here: forms; not here: words.

Rounding is half away from zero, as everywhere in the product. An unknown value is a dash, never 0. The page's script writes with
the browser's Intl, which stands on the same data.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from babel import Locale

Span = Literal["day", "month", "year"]

UNKNOWN: Final = "–"
NBSP: Final = "\N{NO-BREAK SPACE}"

_LOCALES: Final = {"en": "en_GB"}
"""Where a language alone would not say which way of writing is meant: days before months."""


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale of a language."""
    from babel import Locale  # noqa: PLC0415 - costs time that --help need not spend

    return Locale.parse(_LOCALES.get(language, language))


def web_locale(language: str) -> str:
    """The locale as browsers and HTML name it: en-GB."""
    return _LOCALES.get(language, language).replace("_", "-")


def own_name(language: str) -> str:
    """What a language calls itself: Deutsch."""
    from babel import Locale  # noqa: PLC0415

    name = Locale.parse(language).get_display_name() or language
    return name[0].upper() + name[1:]


def number(value: Decimal | int | None, language: str, decimals: int = 0) -> str:
    """A number with that many decimals, grouped: 1,234.5 or 1.234,5."""
    if value is None:
        return UNKNOWN
    from babel.numbers import format_decimal  # noqa: PLC0415

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(_rounded(value, decimals), format=pattern, locale=locale_of(language))


def percent(ratio: Decimal | None, language: str, decimals: int = 1) -> str:
    """A ratio (0..1) as per cent: 23.0% or 23,0 %."""
    if ratio is None:
        return UNKNOWN
    from babel.numbers import format_percent  # noqa: PLC0415

    locale = locale_of(language)
    pattern = locale.percent_formats[None].pattern.replace(
        "#,##0", "#,##0" + ("." + "0" * decimals if decimals else "")
    )
    return format_percent(_rounded(ratio, decimals + 2), format=pattern, locale=locale)


def money(value: Decimal | None, language: str, currency: str, decimals: int = 0) -> str:
    """An amount with the code of its currency behind it."""
    return UNKNOWN if value is None else f"{number(value, language, decimals)}{NBSP}{currency}".strip()


def duration(value: Decimal | int | None, unit: Span, language: str, decimals: int = 0) -> str:
    """A length of time in words: 1 year, 21.0 days; 1 Jahr, 21,0 Tage."""
    if value is None:
        return UNKNOWN
    from babel.units import format_unit  # noqa: PLC0415

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    rounded = _rounded(value, decimals)
    return format_unit(rounded, f"duration-{unit}", length="long", format=pattern, locale=locale_of(language))


@lru_cache(maxsize=10_000)
def day(value: date | None, language: str) -> str:
    """A date: 30 Sept 2026 or 30.09.2026."""
    if value is None:
        return UNKNOWN
    from babel.dates import format_date  # noqa: PLC0415

    return format_date(value, format="medium", locale=locale_of(language))


def moment(value: datetime | None, language: str) -> str:
    """Day and time in UTC, to the minute."""
    if value is None:
        return UNKNOWN
    utc = value.astimezone(UTC)
    return f"{day(utc.date(), language)}, {utc:%H:%M} UTC"


def month(period: str, language: str) -> str:
    """`2026-09` as Sept 2026 or Sept. 2026; a year stays a year."""
    if len(period) != len("2026-09"):
        return period
    from babel.dates import format_skeleton  # noqa: PLC0415

    return format_skeleton("yMMM", date.fromisoformat(f"{period}-01"), locale=locale_of(language))


def decimals_of(value: Decimal | None, at_most: int = 4, at_least: int = 0) -> int:
    """How many decimals a number needs to be written in full, within the limits: 22.5000 needs 1."""
    exponent = (value or Decimal(0)).normalize().as_tuple().exponent
    return max(at_least, min(at_most, -exponent if isinstance(exponent, int) else 0))


def _rounded(value: Decimal | int, decimals: int) -> Decimal:
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)
