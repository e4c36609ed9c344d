"""What the page's bar and its full table know of every customer and lead, as JSON. Belongs here: which figures, and how compactly.

Not here: the rows (query), what is said of a customer (payload, words), filtering and sorting (bi/portfolio).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import groupby
from typing import Final

from pipelines.showing.areas import area
from pipelines.showing.portfolio import words
from pipelines.showing.portfolio.model import Due, PortfolioPage, Somebody
from pipelines.vocabulary import Text, code_groups, same, text

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Number = Callable[[Text], int | None]
"""Puts a text among those the page has in every language; its number there."""

NAMES: Final = {"region": "region", "area": "owner_area"}
"""Filter -> the column of what a company named itself."""
CODES: Final = {"zone": "zone", "type": "relationship_type"}
"""Filter -> the column of a code, which is also the group of its texts."""
_PLAIN: Final = ("ultimate_parent_id", "customer_name")
_FIGURES: Final = (
    "net_revenue",
    "customer_contribution",
    "achievable_gap",
    "sow_capped_ratio",
    "customer_value_score",
    "detail_number",
)


def everybody(page: PortfolioPage, number: Number) -> Json:
    """`choices`: per filter what can be chosen, as [value, number of its text]; `rows`: a place among them for each filter, and figures."""
    choices = {
        **{name: _names(page.everybody, column) for name, column in NAMES.items()},
        **{name: _codes(column, (getattr(row, column) for row in page.everybody)) for name, column in CODES.items()},
        "task": _codes("task", (count.task for count in page.task_counts)),
    }
    place = {name: {value: at for at, value in enumerate(values)} for name, values in choices.items()}
    due = {at: list(rows) for at, rows in groupby(page.due, key=lambda row: row.place)}

    def tasks(rows: Iterable[Due]) -> list[Json]:
        return [[place["task"][row.task], number(_day(row)), row.due_on.isoformat()] for row in rows]

    return {
        "of": page.summary.customers + page.summary.leads,
        "choices": {
            name: [[value, number(_called(name, value))] for value in values] for name, values in choices.items()
        },
        "columns": [*_PLAIN, *NAMES, *CODES, *_FIGURES, "tasks"],
        "rows": [
            [
                *(getattr(row, column) for column in _PLAIN),
                *(place[name][getattr(row, column)] for name, column in {**NAMES, **CODES}.items()),
                *(figure(getattr(row, column)) for column in _FIGURES),
                tasks(due.get(at, ())),
            ]
            for at, row in enumerate(page.everybody)
        ],
    }


def _names(rows: Iterable[Somebody], column: str) -> list[str | None]:
    """What a company named itself by the alphabet, then what stands in the place of a name, then those without."""
    found = {getattr(row, column) for row in rows}
    instead = code_groups()["area_group"].codes
    return sorted(found, key=lambda name: (name is None, name in instead, (name or "").casefold(), name or ""))


def _codes(group: str, codes: Iterable[str]) -> list[str | None]:
    """Those there are, in the order of the vocabulary."""
    return [*sorted(set(codes), key=lambda code: (code_groups()[group].place(code), code))]


def _called(name: str, value: str | None) -> Text:
    if value is None:
        return text("page.bar.without")
    if name == "area":
        return area(value)
    return same(value) if name in NAMES else words.label(CODES.get(name, name), value)


def _day(row: Due) -> Text:
    return Text(lambda voice: voice.day(row.due_on))


def figure(value: Decimal | int | str | bool | None) -> Json:
    """A value as a script reads it: a decimal as a number, anything else as it is."""
    return float(value) if isinstance(value, Decimal) else value
