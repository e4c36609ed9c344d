"""Declared date formats: `dd.mm.yyyy hh:mm:ss` -> a strict regular expression and a strptime format.

Belongs here: the grammar of the declaration. Not here: reading any date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKENS = {
    "yyyy": ("year", r"[0-9]{4}", "%Y"),
    "yy": ("year", r"[0-9]{2}", "%y"),
    "dd": ("day", r"(0[1-9]|[12][0-9]|3[01])", "%d"),
    "mm": ("month", r"(0[1-9]|1[0-2])", "%m"),
    "hh": ("hour", r"([01][0-9]|2[0-3])", "%H"),
    "ss": ("second", r"[0-5][0-9]", "%S"),
}
_MINUTE = ("minute", r"[0-5][0-9]", "%M")
_PIECE = re.compile(r"yyyy|yy|dd|mm|hh|ss|[-./: T]")


class DateFormatError(ValueError):
    """The declaration cannot be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One declared format. `regex` (RE2 and Python) matches the whole text; `strptime` parses what it matched."""

    pattern: str
    regex: str
    strptime: str
    parts: frozenset[str]


def parse_date_format(pattern: str) -> DateFormat:
    """`pattern` of the tokens dd mm yyyy yy hh mm ss and the signs `- . / : space T`; `mm` after `hh` is the minute.

    Raises DateFormatError.
    """
    regex, strptime = "", ""
    tokens: list[str] = []
    position = 0
    while position < len(pattern):
        match = _PIECE.match(pattern, position)
        if match is None:
            raise DateFormatError(
                f"'{pattern[position:]}' is none of dd, mm, yyyy, yy, hh, ss or a sign of - . / : space T"
            )
        piece = match.group()
        position = match.end()
        if piece not in _TOKENS:
            regex += re.escape(piece)
            strptime += piece
            continue
        name, token_regex, directive = _MINUTE if piece == "mm" and tokens[-1:] == ["hour"] else _TOKENS[piece]
        if name in tokens:
            raise DateFormatError(f"the {name} stands twice")
        tokens.append(name)
        regex += token_regex
        strptime += directive
    for name in ("day", "month", "year"):
        if name not in tokens:
            raise DateFormatError(f"the {name} is missing")
    return DateFormat(pattern, f"^{regex}$", strptime, frozenset(tokens))
