"""Declared date formats: `dd.mm.yyyy hh:mm:ss` -> a strict regular expression and strptime formats.

Belongs here: the grammar of the declaration. Not here: reading any date (landing/moments.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

Counted = Literal["unix", "unix_ms", "excel", "excel_1904"]
"""Dates delivered as a number: seconds or milliseconds since 1970-01-01 UTC, days since 1899-12-30 or 1904-01-01."""

COUNTED: Final = ("unix", "unix_ms", "excel", "excel_1904")
ISO: Final = "iso"
"""As a whole pattern: what ISO 8601 allows, see `parse_date_format`."""
OFFSET: Final = r"(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)"
"""What a `z` of the declaration reads: Z, +02, +0200, +02:00."""

_ALL = frozenset({"day", "month", "year", "hour", "minute", "second"})
_TOKENS = {
    "yyyy": ("year", r"[0-9]{4}", "%Y"),
    "yy": ("year", r"[0-9]{2}", "%y"),
    "dd": ("day", r"(0[1-9]|[12][0-9]|3[01])", "%d"),
    "d": ("day", r"(0?[1-9]|[12][0-9]|3[01])", "%d"),
    "mm": ("month", r"(0[1-9]|1[0-2])", "%m"),
    "m": ("month", r"(0?[1-9]|1[0-2])", "%m"),
    "hh": ("hour", r"([01][0-9]|2[0-3])", "%H"),
    "h": ("hour", r"([01]?[0-9]|2[0-3])", "%H"),
    "ss": ("second", r"[0-5][0-9]", "%S"),
    "f": ("fraction", r"[0-9]{1,9}", "%f"),
    "AM/PM": ("half", r"[AaPp][Mm]", "%p"),
    "AM": ("half", r"[AaPp][Mm]", "%p"),
    "z": ("offset", OFFSET, "%z"),
}
_TWELVE = {"hh": ("hour", r"(0[1-9]|1[0-2])", "%I"), "h": ("hour", r"(0?[1-9]|1[0-2])", "%I")}
_MINUTES = {"mm": ("minute", r"[0-5][0-9]", "%M"), "m": ("minute", r"[0-5]?[0-9]", "%M")}
_UNPADDED = frozenset({"d", "m", "h"})
_PIECE = re.compile(r"AM/PM|AM|yyyy|yy|dd|d|mm|m|hh|h|ss|f|z|[-./:, T]|\[[^\[\]]*\]")
_MONTH_DAY = re.compile(r"(?P<pattern>.+) (?P<day>first|last)")
_MOST_OPTIONS = 4
_READABLE = "dd d mm m yyyy yy hh h ss f AM z, [an optional part] and the signs - . / : , space T"


class DateFormatError(ValueError):
    """The declaration cannot be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One declared format. `regex` (RE2 and Python) matches the whole text; `strptimes` parse what it matched, each for
    other optional parts. `zoned` are those with an offset, and `zoned_regex` matches the texts they read.

    `counted` is set where the text is a number and nothing is parsed. `month_day` says which day a month without one
    means. `parts` are the parts every text has.
    """

    pattern: str
    regex: str
    strptimes: tuple[str, ...]
    parts: frozenset[str]
    zoned: tuple[str, ...] = ()
    zoned_regex: str = ""
    counted: Counted | None = None
    month_day: Literal["first", "last"] | None = None
    has_fraction: bool = False

    @property
    def has_time(self) -> bool:
        """Whether every text says the hour and the minute."""
        return {"hour", "minute"} <= self.parts


def parse_date_format(pattern: str) -> DateFormat:
    """`pattern` of the tokens dd mm yyyy yy hh mm ss and the signs `- . / : , space T`; `mm` after `hh` is the minute.

    `d`, `m` and `h` are read with or without a leading zero; `AM` reads AM or PM and makes the hour one of twelve; `f` is
    a fraction of a second, `z` an offset (Z, +02, +0200, +02:00); what stands in [ ] may be missing. A month without a
    day says which day is meant: `yyyymm last`, `mm/yyyy first`. Whole words: `iso` (yyyy-mm-ddThh:mm[:ss[.f]][z], T or a
    blank), `unix`, `unix_ms`, `excel`, `excel_1904` (COUNTED). Raises DateFormatError.
    """
    if pattern == ISO:
        return _iso()
    if pattern in COUNTED:
        return _counted(pattern)
    month = _MONTH_DAY.fullmatch(pattern)
    bare = pattern if month is None else month["pattern"]
    alternatives = [_parsed(text) for text in _choices(bare)]
    tokens = frozenset.intersection(*(each.parts for each in alternatives))
    every = frozenset.union(*(each.parts for each in alternatives))
    for name in ("day", "month", "year"):
        if name not in tokens and not (name == "day" and month is not None and "day" not in every):
            hint = "; a month alone says which day it means: 'yyyymm first' or 'yyyymm last'" if name == "day" else ""
            raise DateFormatError(f"the {name} is missing{hint}")
    if month is not None and "day" in every:
        raise DateFormatError(f"'{month['day']}' is for a month without a day")
    if "half" in every and "hour" not in every:
        raise DateFormatError("AM stands without an hour")
    zoned = [each for each in alternatives if "offset" in each.parts]
    return DateFormat(
        pattern=pattern,
        regex=_either(alternatives),
        strptimes=tuple(each.strptimes[0] for each in alternatives if "offset" not in each.parts),
        parts=tokens,
        zoned=tuple(each.strptimes[0] for each in zoned),
        zoned_regex=_either(zoned) if zoned else "",
        month_day=None if month is None else ("first" if month["day"] == "first" else "last"),
        has_fraction="fraction" in every,
    )


def _either(alternatives: list[DateFormat]) -> str:
    regexes = list(dict.fromkeys(each.regex for each in alternatives))
    return f"^{regexes[0]}$" if len(regexes) == 1 else f"^({'|'.join(regexes)})$"


def _choices(pattern: str) -> list[str]:
    """`pattern` with and without each of its optional parts."""
    pieces = re.split(r"(\[[^\[\]]*\])", pattern)
    options = sum(piece.startswith("[") for piece in pieces)
    if options > _MOST_OPTIONS:
        raise DateFormatError(f"it has more than {_MOST_OPTIONS} optional parts")
    ways = [(piece[1:-1], "") if piece.startswith("[") else (piece,) for piece in pieces]
    return list(dict.fromkeys("".join(way) for way in product(*ways)))


def _parsed(pattern: str) -> DateFormat:
    """One pattern without optional parts."""
    regex, strptime, before = "", "", ""
    names: list[str] = []
    position = 0
    is_twelve = "AM" in pattern
    while position < len(pattern):
        match = _PIECE.match(pattern, position)
        if match is None or match.group().startswith("["):
            raise DateFormatError(f"'{pattern[position:]}' is none of {_READABLE}")
        piece = match.group()
        position = match.end()
        known = _TOKENS.get(piece)
        if known is not None and names[-1:] == ["hour"]:
            known = _MINUTES.get(piece, known)
        if known is not None and is_twelve:
            known = _TWELVE.get(piece, known)
        if known is None:
            regex += re.escape(piece)
            strptime += piece
            before = ""
            continue
        name, token_regex, directive = known
        if name in names:
            raise DateFormatError(f"the {name} stands twice")
        if before and {piece, before} & _UNPADDED and name not in ("half", "offset"):
            raise DateFormatError(
                f"'{before}{piece}': where {piece if piece in _UNPADDED else before} ends is not certain"
            )
        if names[-1:] == ["offset"]:
            raise DateFormatError("the offset z is the last thing")
        names.append(name)
        regex += token_regex
        strptime += directive
        before = piece
    if names[-1:] != ["offset"] and "offset" in names:
        raise DateFormatError("the offset z is the last thing")
    return DateFormat(pattern, regex, (strptime,), frozenset(names))


def _iso() -> DateFormat:
    day = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    time = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
    return DateFormat(ISO, f"^{day}[T ]{time}{OFFSET}?$", (), _ALL - {"second"}, has_fraction=True)


def _counted(pattern: str) -> DateFormat:
    regexes: dict[str, tuple[Counted, str]] = {
        "unix": ("unix", "-?[0-9]{1,11}"),
        "unix_ms": ("unix_ms", "-?[0-9]{1,14}"),
        "excel": ("excel", "[0-9]{1,7}([.,][0-9]{1,15})?"),
        "excel_1904": ("excel_1904", "[0-9]{1,7}([.,][0-9]{1,15})?"),
    }
    counted, regex = regexes[pattern]
    return DateFormat(pattern, f"^{regex}$", (), _ALL, counted=counted)
