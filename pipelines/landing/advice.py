"""Rejected values -> the word of sources.yml that reads them.

Belongs here: trying what a format could declare on a few examples, and saying it. Not here: rejecting (grammar.py), the
remedies that hold without an example (findings.py). Nothing is declared by guess: a person decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from pipelines.contracts import Column
from pipelines.landing.findings import REMEDIES
from pipelines.landing.grammar import Grammar, number_expression
from pipelines.settings.date_format import DateFormat, parse_date_format

_SIGNS = (
    (".", None),
    (",", None),
    (".", ","),
    (",", "."),
    (",", " "),
    (",", "\u00a0"),
    (",", "\u202f"),
    (".", "'"),
    (".", "’"),
)
_WORDS = {" ": "space", "\u00a0": "nbsp", "\u202f": "narrow-nbsp"}
_BESIDE = re.compile(r"[^\s\d.,'’()+-]+")
_DAYS = ("dd.mm.yyyy", "d.m.yyyy", "dd.mm.yy", "d.m.yy")
_DATES = (
    *_DAYS,
    *(day.replace(".", sign) for sign in "/-" for day in _DAYS),
    "mm/dd/yyyy", "m/d/yyyy", "mm/dd/yy", "m/d/yy", "mm-dd-yyyy", "m-d-yyyy",
    "yyyy-mm-dd", "yyyy-m-d", "yyyy/mm/dd", "yyyy.mm.dd", "yyyymmdd", "ddmmyyyy",
)  # fmt: skip
_MONTHS = ("yyyymm last", "yyyy-mm last", "mm.yyyy last", "m.yyyy last", "mm/yyyy last", "m/yyyy last")
_TIMES = (
    " hh:mm:ss",
    " h:mm:ss",
    " hh:mm",
    " h:mm",
    " h:mm:ss AM",
    " h:mm AM",
    "Thh:mm:ss",
    "Thh:mm:ss[.f][z]",
    " hh:mm:ss[.f][z]",
)
_NUMBERS = {"unix": "[0-9]{9,10}", "unix_ms": "[0-9]{12,13}", "excel": r"[1-9][0-9]{4}([.,][0-9]+)?"}
"""Dates as numbers -> how those of our time look."""
_TOTAL = re.compile(
    r"\W*(zwischensumme|gesamtsumme|summe|gesamt|total|subtotal|sub-total|grand total|sum|saldo|übertrag|endsumme)\b",
    re.IGNORECASE,
)
_EXAMPLE = 30


@dataclass(frozen=True, slots=True)
class Advisor:
    """What is declared of the files a table is read from: their grammar, and the name of their format."""

    grammar: Grammar
    format_name: str
    separator: str
    table: str

    def remedy(self, code: str, column: Column | None, values: Sequence[str]) -> str:
        """The next step for rows rejected with `code` in `column`; `values` are some of the rejected texts, if known."""
        plain = REMEDIES.get(code, "")
        if column is None or not values:
            return plain
        first, of_format = _shown(values[0]), f"of formats.{self.format_name}"
        if code == "NUM_FORMAT":
            return self._number(column, values) or plain
        if code == "DATE_FORMAT":
            return self._date(column, values) or plain
        meanings = f" ({', '.join(column.allowed_values)})" if column.allowed_values else ""
        return {
            "NUM_SCALE": f"correct the number ({first}), or declare `round: true` {of_format}",
            "TYPE": f"declare {first} under `true` or `false` {of_format}, or correct the value",
            "VALUE_NOT_ALLOWED": f"say under tables.{self.table}.values.{column.name} what {first} means{meanings}, "
            "or correct the value",
        }.get(code, plain)

    def no_data(self, raw: str) -> str | None:
        """The next step for a row without its key that holds amounts, if it looks like a subtotal; `raw` is the record."""
        total = _TOTAL.match(raw)
        start = total.group() if total else raw[: len(raw) - len(raw.lstrip(self.separator))]
        if not start:
            return None
        expression = "^" + re.escape(start).replace("\\ ", " ")
        return (
            f"rows with amounts and without a key look like subtotals or totals: declare of formats.{self.format_name} "
            f"`skip_rows_matching: '{expression}'` (anywhere) or `skip_footer_matching` (at the end; "
            "`control_totals: {footer: [...]}` of the file then compares it), or keep them out by `where`"
        )

    def _number(self, column: Column, values: Sequence[str]) -> str | None:
        reads: list[tuple[int, int, str, str]] = []
        for number, (grammar, said) in enumerate(self._grammars(values)):
            hits = [value for value in values if re.fullmatch(number_expression(grammar, column.scale), value)]
            if hits:
                reads.append((len(values) - len(hits), number, hits[0], said))
        if not reads:
            return None
        _, _, example, said = min(reads)
        whole = " where all of the file is written so" if "`decimal:" in said else ""
        return f"{_shown(example)} is read with {said} of formats.{self.format_name}{whole}; or correct the number"

    def _grammars(self, values: Sequence[str]) -> Iterator[tuple[Grammar, str]]:
        """Grammars with what they declare otherwise, fewest words first."""
        beside = sorted({text for value in values for text in _BESIDE.findall(value)})[:3]
        own = (self.grammar.decimal, self.grammar.thousands)
        choices = product((own, *_SIGNS), (False, True), (False, True), (False, True))
        found: list[tuple[int, Grammar, str]] = []
        for (decimal, thousands), behind, enclosed, stripped in choices:
            if (stripped and not beside) or ((decimal, thousands) == own and not (behind or enclosed or stripped)):
                continue
            words = []
            if decimal != own[0]:
                words.append(f'`decimal: "{decimal}"`')
            if thousands != own[1]:
                words.append(
                    "no `thousands`" if thousands is None else f'`thousands: "{_WORDS.get(thousands, thousands)}"`'
                )
            words += ["`trailing_minus: true`"] * behind + ["`parentheses_negative: true`"] * enclosed
            words += [f"`strip: {json.dumps(beside, ensure_ascii=False)}`"] * stripped
            grammar = replace(
                self.grammar,
                decimal=decimal,
                thousands=thousands,
                trailing_minus=behind or self.grammar.trailing_minus,
                parentheses_negative=enclosed or self.grammar.parentheses_negative,
                strip=(*self.grammar.strip, *beside) if stripped else self.grammar.strip,
            )
            found.append((len(words), grammar, " and ".join(words)))
        yield from ((grammar, said) for _, grammar, said in sorted(found, key=lambda each: each[0]))

    def _date(self, column: Column, values: Sequence[str]) -> str | None:
        word = "timestamp" if column.type == "timestamp" else "date"
        fitting = [pattern for pattern in _patterns(word) if all(_reads(pattern, value) for value in values)]
        if not fitting:
            return None
        choice = fitting[0]
        shape = re.sub("[dm]+", "x", choice)
        others = [
            each for each in fitting[1:] if re.sub("[dm]+", "x", each) == shape and _order(each) != _order(choice)
        ]
        said = f"`{word}: {choice}`" + (f" (or `{others[0]}`, if the month comes first)" if others else "")
        if word == "timestamp" and choice in _DATES:
            said += " and `has_time: false`"
        return f"{_shown(values[0])} is read with {said} of formats.{self.format_name}; or correct the date"


def _patterns(word: str) -> Iterator[str]:
    if word == "timestamp":
        yield "iso"
        yield from (day + time for day in _DATES for time in _TIMES)
        yield from (*_DATES, *_NUMBERS)
        return
    yield from (*_DATES, *_MONTHS)
    yield from (day + time for day in _DATES for time in _TIMES)
    yield from _NUMBERS


def _reads(pattern: str, value: str) -> bool:
    return re.fullmatch(_NUMBERS.get(pattern) or _form(pattern).regex, value) is not None


@cache
def _form(pattern: str) -> DateFormat:
    return parse_date_format(pattern)


def _order(pattern: str) -> bool:
    """Whether the day comes before the month."""
    return pattern.find("d") < pattern.find("m")


def _shown(value: str) -> str:
    return f"'{value[:_EXAMPLE]}'"
