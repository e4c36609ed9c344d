"""What a check observed and what it allows, as people read it: the forms the checks write (in English), in any language.

Belongs here: every such form, once; a test asks it of whatever the checks write. Not here: the texts (pipelines.vocabulary), the checks
themselves (data_quality): what is published, logged and tested stays as they write it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from pipelines.vocabulary import Text, Voice, is_known, same

_PLACE: Final = re.compile(r"\{(\w+)\}")
_NUMBER: Final = r"(?P<\1>-?[0-9]+(?:[.][0-9]+)?)"

_SIGNS: Final[Mapping[str, str]] = {
    "{number}": "{number}",
    "at least {low}": "≥\N{NO-BREAK SPACE}{low}",
    "at most {high}": "≤\N{NO-BREAK SPACE}{high}",
    "{share} %": "{share}",
    "{days} days": "{days}",
    "{used} + {quarantined} + {filtered} + {lost}": "{used} + {quarantined} + {filtered} + {lost}",
}
"""Forms no language has words for: how they are put together. `share` is written as per cent, `days` as a length of time."""

_WORDS: Final[Mapping[str, str]] = {
    "at least {low} and at most {high}": "control.bound.between",
    "{low} to {high}": "control.bound.between",
    "at least 1 row": "control.bound.any_row",
    "1 rows": "control.bound.row",
    "{rows} rows": "control.bound.rows",
    "{part} of {whole} rows": "control.bound.rows_of",
    "1 lines": "control.bound.line",
    "{lines} lines": "control.bound.lines",
    "{part} of {whole} lines": "control.bound.lines_of",
    "less than {share} %": "control.bound.less_than",
    "day {day}, {amount}": "control.bound.until_day",
    "{equal} equal, {without} without a ledger total, {different} different": "control.bound.periods",
    "nothing to measure": "control.bound.nothing_to_measure",
    "unknown": "control.bound.unknown",
    "not run": "control.bound.not_run",
    "read": "control.bound.read",
    "refused": "control.bound.refused",
    "absent": "control.bound.absent",
    "success": "control.bound.success",
    "partial success": "control.bound.partial_success",
    "no-op": "control.bound.no_op",
    "pass": "control.bound.pass",
    "warn": "control.bound.failed",
    "fail": "control.bound.failed",
    "error": "control.bound.error",
    "runtime error": "control.bound.error",
    "skipped": "control.bound.not_run",
}
"""Form -> the text that says it."""

_FORMS: Final = tuple(
    (re.compile(_PLACE.sub(_NUMBER, form.replace("+", "[+]"))), told)
    for form, told in (*_SIGNS.items(), *_WORDS.items())
)


def is_said(written: str) -> bool:
    """True if what a check wrote is said in the reader's language."""
    return any(form.fullmatch(written) for form, _ in _FORMS)


def bound(written: str | None) -> Text:
    """What a check wrote, in words; a form of a later release is shown as it is."""
    for form, told in _FORMS:
        found = form.fullmatch(written or "")
        if found:
            return _said(told, found.groupdict())
    return same(written or "")


def _said(told: str, numbers: Mapping[str, str]) -> Text:
    def by(voice: Voice) -> str:
        filled = {place: _number(voice, place, number) for place, number in numbers.items()}
        return voice.say(told, **filled) if is_known(told) else told.format(**filled)

    return Text(by)


def _number(voice: Voice, place: str, written: str) -> str:
    number = Decimal(written)
    if place == "share":
        return voice.percent(number / 100)
    if place == "days":
        return voice.duration(number, "day")
    return voice.number(number, len(written.partition(".")[2]))
