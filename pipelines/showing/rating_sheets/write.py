"""A rating sheet as a workbook. Belongs here: layout, what may be filled in, which text stands where. Not here: whom it asks about (read),
the texts (pipelines.vocabulary), the marks by which a returned one is read (pipelines.sources.rating_sheet).

The same version gives the same bytes. Nothing in it names a person: who rates writes an id. Every text is a text to the spreadsheet,
whatever sign it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pipelines import workbooks
from pipelines.settings.portfolio import LEVELS, Criterion, Portfolio
from pipelines.showing import areas
from pipelines.showing.rating_sheets.read import Area, Asked, Customer
from pipelines.sources.rating_sheet import (
    DAY,
    GIVEN_COLUMN,
    LEVEL,
    MARK,
    RATER,
    ROWS_MARK,
    SHARE,
    STAGES,
    WRITTEN_MARK,
    table_mark,
)
from pipelines.vocabulary import Voice

KEYS, WRITTEN, TITLE, HOW, WHO, WHEN, HEAD = range(7)
"""Rows above the data, from 0."""
FIRST: Final = HEAD + 1
_LONGEST_HINT: Final = 255
"""Signs of an input hint; spreadsheets refuse the workbook beyond."""
_SAID_OF: Final = {
    "ratings": ("sheet.tab_ratings", "sheet.how_ratings"),
    "potential_estimates": ("sheet.tab_potential_estimates", "sheet.how_potential_estimates"),
}
"""Table -> what its worksheet is called, what is said above it."""
_GUIDE: Final = ("sheet.guide_1", "sheet.guide_2", "sheet.guide_3", "sheet.guide_4", "sheet.guide_5")
_NOTHING_BEFORE: Final = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Written:
    """One workbook: its area, where it lies, how many customers are to be rated, and to be estimated, and the revenue behind them."""

    area: str | None
    path: Path
    ratings: int
    demands: int
    net_revenue: Decimal


def write(asked: Asked, portfolio: Portfolio, directory: Path, voice: Voice) -> tuple[Written, ...]:
    """Write one workbook per area below `directory`, only for whom they are written for (0600)."""
    taken: set[str] = set()
    written = []
    for area in asked.areas:
        name = _file_name(area, taken)
        path = directory / name
        _Workbook(asked, area, portfolio, voice).write(path)
        own = {customer.ultimate_parent_id: customer for customer in (*area.ratings, *area.demands)}
        revenue = sum((customer.net_revenue or Decimal(0) for customer in own.values()), Decimal("0.00"))
        written.append(Written(area.name, path, len(area.ratings), len(area.demands), revenue))
    return tuple(written)


def _file_name(area: Area, taken: set[str]) -> str:
    """A name of the area every file system takes; the number sets apart what would be called alike."""
    slug = re.sub(r"[^\w]+", "_", area.name or "").strip("_") or "no_area"
    name, number = f"ratings_{slug}.xlsx", 1
    while name.lower() in taken:
        number += 1
        name = f"ratings_{slug}_{number}.xlsx"
    taken.add(name.lower())
    return name


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its heading, its key for the reader (none: only to be read), its width, what it looks like, what may be filled in."""

    heading: str
    width: float
    look: str = "text"
    key: str = ""
    allowed: Mapping[str, Any] | None = None
    note: str = ""


class _Workbook:
    """The workbook of one area."""

    def __init__(self, asked: Asked, area: Area, portfolio: Portfolio, voice: Voice) -> None:
        self._asked = asked
        self._area = area
        self._voice = voice
        self._criteria: dict[str, Criterion] = {}
        self._of_card: dict[str, set[str]] = {}
        for card, _, weights in portfolio.scorecards.axes():
            for name in weights:
                if portfolio.criteria[name].method == "rating":
                    self._criteria.setdefault(name, portfolio.criteria[name])
                    self._of_card.setdefault(card, set()).add(name)

    def write(self, path: Path) -> None:
        """Write it to `path` (0600, atomically)."""
        # Whatever the clock says: the same version, the same bytes.
        created = datetime.combine(self._asked.known_on, time())
        with workbooks.writing(path, title=self._title(), created=created) as book:
            self._looks = _looks(book, self._voice.language)
            if self._area.ratings and self._criteria:
                self._sheet(book, "ratings", self._rating_columns(), list(self._rating_rows()))
            if self._area.demands:
                self._sheet(book, "potential_estimates", self._demand_columns(), list(self._demand_rows()))
            self._guide(book)

    def _title(self) -> str:
        say = self._voice.say
        return say(
            "sheet.title",
            area=areas.area(self._area.name).by(self._voice) or say("sheet.no_area"),
            day=self._voice.day(self._asked.as_of_date),
        )

    # --- the two tables ----------------------------------------------------------------------------------------------

    def _first_columns(self) -> list[_Column]:
        say = self._voice.say
        return [
            _Column("", 4),
            _Column(say("sheet.customer"), 44),
            _Column(say("sheet.customer_id"), 14),
            _Column(say("sheet.revenue", currency=self._currency()), 14, "money"),
        ]

    def _rating_columns(self) -> list[_Column]:
        say = self._voice.say
        columns = [*self._first_columns(), _Column(say("sheet.why"), 18)]
        unknown = say("sheet.unknown")
        levels = {
            "validate": "list",
            "source": [*map(str, LEVELS), unknown],
            "error_title": say("sheet.no_level_title"),
            "error_message": say("sheet.no_level", unknown=unknown),
        }
        for name, criterion in self._criteria.items():
            called = self._called(criterion)
            anchors = "\n".join(
                f"{level}: {text}" for level, text in sorted(criterion.anchors(self._voice.language).items())
            )
            hint = {"input_title": called[:32], "input_message": anchors} if 0 < len(anchors) <= _LONGEST_HINT else {}
            columns.append(_Column(say("sheet.so_far", name=called), 18))
            columns.append(_Column(called, 18, "input", f"{LEVEL}{name}", {**levels, **hint}, anchors))
        return [*columns, _Column(say("sheet.rater"), 14, "input_text", RATER), self._day_column()]

    def _demand_columns(self) -> list[_Column]:
        say = self._voice.say
        amount = {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": say("sheet.no_amount_title"),
            "error_message": say("sheet.no_amount"),
        }
        share = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 1,
            "error_title": say("sheet.no_share_title"),
            "error_message": say("sheet.no_share"),
        }
        label = self._voice.label
        return [
            *self._first_columns(),
            _Column(say("sheet.group"), 22, "text", "product_group"),
            _Column(say("sheet.demand_so_far"), 24),
            _Column(say("sheet.currency"), 10, "text", "currency_code"),
            *(_Column(label("demand_stage", stage), 16, "input_money", stage, amount) for stage in STAGES),
            _Column(say("sheet.share"), 14, "input_share", SHARE, share),
            self._day_column(),
        ]

    def _day_column(self) -> _Column:
        return _Column(self._voice.say("sheet.day"), 14, "input_day", DAY, self._a_day())

    def _a_day(self) -> Mapping[str, Any]:
        say = self._voice.say
        return {
            "validate": "date",
            "criteria": ">=",
            "value": _NOTHING_BEFORE,
            "error_title": say("sheet.no_day_title"),
            "error_message": say("sheet.no_day"),
        }

    def _rating_rows(self) -> Iterator[list[object]]:
        say, voice = self._voice.say, self._voice
        for customer in self._area.ratings:
            reasons = [
                say(word)
                for word, holds in (
                    ("sheet.due", customer.is_due),
                    ("sheet.missing", customer.is_missing),
                    ("sheet.stale", customer.is_stale),
                )
                if holds
            ]
            row = [*_first_cells(customer), ", ".join(reasons)]
            asked = self._of_card.get("lead" if customer.relationship_type == "lead" else "customer", set())
            for name in self._criteria:
                if name not in asked:
                    row += ["", _NOT_ASKED]
                    continue
                last = self._asked.levels.get((customer.ultimate_parent_id, name))
                known = last is not None and last.level is not None
                shown = (
                    voice.number(last.level, 0 if last.level == int(last.level) else 1) if last and last.level else ""
                )
                row += [f"{shown}  ({voice.day(last.rating_valid_from)})" if known and last else "–", None]
            yield [*row, None, None]

    def _demand_rows(self) -> Iterator[list[object]]:
        voice = self._voice
        for customer in self._area.demands:
            for group in self._asked.groups.get(customer.ultimate_parent_id, ()):
                last = "–"
                if group.annual_demand is not None:
                    last = f"{voice.number(group.annual_demand)}  ({voice.day(group.estimate_valid_from)})"
                first = _first_cells(customer)
                first[-1] = group.net_revenue
                yield [*first, group.product_group, last, customer.reporting_currency, *[None] * (len(STAGES) + 2)]

    def _currency(self) -> str:
        return next((each.reporting_currency for each in (*self._area.ratings, *self._area.demands)), "")

    def _called(self, criterion: Criterion) -> str:
        return criterion.name_de if self._voice.language == "de" else criterion.name_en

    # --- the worksheet -----------------------------------------------------------------------------------------------

    def _sheet(self, book: Any, table: str, columns: Sequence[_Column], rows: Sequence[Sequence[object]]) -> None:
        say, looks = self._voice.say, self._looks
        is_rating = table == "ratings"
        tab, how = _SAID_OF[table]
        made = book.add_worksheet(say(tab))
        for line, mark in (
            (KEYS, table_mark(table)),
            (WRITTEN, WRITTEN_MARK),
            (HEAD, ROWS_MARK),
            (WHEN, f"{MARK}{DAY}"),
        ):
            made.write_string(line, 0, mark)
        made.write_datetime(WRITTEN, GIVEN_COLUMN, self._asked.known_on, looks["day"])
        made.write_string(TITLE, 1, self._title(), looks["title"])
        made.write_string(HOW, 1, say(how), looks["plain"])
        once: list[tuple[int, str, str, Mapping[str, Any]]] = [(WHEN, "sheet.day_once", "input_day", self._a_day())]
        if is_rating:
            made.write_string(WHO, 0, f"{MARK}{RATER}")
            once.insert(0, (WHO, "sheet.rater_once", "input_text", {}))
        for line, text, own_look, allowed in once:
            made.write_string(line, 1, say(text), looks["once"])
            made.write_blank(line, GIVEN_COLUMN, None, looks[own_look])
            if allowed:
                made.data_validation(line, GIVEN_COLUMN, line, GIVEN_COLUMN, allowed)
        for place, column in enumerate(columns):
            made.set_column(place, place, column.width)
            if place:
                look = "head_input" if column.look.startswith("input") else "head"
                made.write_string(HEAD, place, column.heading, looks[look])
            if column.key:
                made.write_string(KEYS, place, column.key)
            if column.note:
                made.write_comment(HEAD, place, column.note, {"x_scale": 3, "y_scale": 2.5})
            if column.allowed and rows:
                made.data_validation(FIRST, place, FIRST + len(rows) - 1, place, column.allowed)
        for at, row in enumerate(rows, FIRST):
            for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
                self._cell(made, at, place, column, cell)
        made.set_column(0, 0, 4, None, {"hidden": True})
        for line in (KEYS, WRITTEN):
            made.set_row(line, None, None, {"hidden": True})
        if not is_rating:
            made.set_row(WHO, None, None, {"hidden": True})
        made.set_row(HEAD, 64)
        made.freeze_panes(FIRST, 3)
        made.autofilter(HEAD, 1, max(FIRST, HEAD + len(rows)), len(columns) - 1)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.repeat_rows(HEAD)
        made.set_footer("&L&A&R&P / &N")
        # Without a password: it guards against a slip of the hand, nothing else.
        made.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})

    def _cell(self, made: Any, at: int, place: int, column: _Column, cell: object) -> None:
        look = self._looks[column.look]
        if cell is _NOT_ASKED:
            made.write_blank(at, place, None, self._looks["not_asked"])
        elif cell is None:
            made.write_blank(at, place, None, look)
        elif isinstance(cell, Decimal):
            made.write_number(at, place, cell, look)
        else:
            made.write_string(at, place, str(cell), look)

    def _guide(self, book: Any) -> None:
        """How it is filled in and returned, and what each level looks like."""
        say, looks = self._voice.say, self._looks
        made = book.add_worksheet(say("sheet.tab_guide"))
        made.write_string(0, 0, self._title(), looks["title"])
        label = self._voice.label
        words = {
            "unknown": say("sheet.unknown"),
            "need": label("demand_stage", "need"),
            "demand": label("demand_stage", "demand"),
            "effective": label("demand_stage", "effective_demand"),
        }
        lines = [say(key, **words) for key in _GUIDE]
        for at, line in enumerate(lines, 1):
            made.merge_range(at, 0, at, 5, line, looks["wrapped"])
            made.set_row(at, 32)
        head = len(lines) + 2
        made.write_string(head, 0, say("sheet.criterion"), looks["head"])
        for level in LEVELS:
            made.write_string(head, level, say("sheet.level", level=level), looks["head"])
        for at, criterion in enumerate(self._criteria.values(), head + 1):
            made.write_string(at, 0, self._called(criterion), looks["wrapped_strong"])
            anchors = criterion.anchors(self._voice.language)
            for level in LEVELS:
                made.write_string(at, level, anchors.get(level, "–"), looks["wrapped"])
        made.set_column(0, 0, 26)
        made.set_column(1, 5, 30)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)


_NOT_ASKED: Final = object()
"""A criterion of the other scorecard: nothing is to be filled in."""


def _first_cells(customer: Customer) -> list[object]:
    return [customer.account_id, customer.customer_name, customer.ultimate_parent_id, customer.net_revenue]


def _looks(book: Any, language: str) -> Mapping[str, Any]:
    day = "dd.mm.yyyy" if language == "de" else "yyyy-mm-dd"
    shown = {"valign": "top", "border": 1, "border_color": "#D9D9D9"}
    open_to = {**shown, "locked": False, "bg_color": "#FFF8E1", "align": "center"}
    head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E8EDF2"}
    words: Mapping[str, Mapping[str, Any]] = {
        "plain": {},
        "title": {"bold": True, "font_size": 14},
        "once": {"bold": True},
        "text": {**shown, "num_format": "@"},
        "money": {**shown, "num_format": "#,##0"},
        "day": {"num_format": day},
        "head": head,
        "head_input": {**head, "bg_color": "#FFE8A3"},
        "input": open_to,
        "input_text": {**open_to, "num_format": "@"},
        "input_money": {**open_to, "num_format": "#,##0", "align": "right"},
        "input_share": {**open_to, "num_format": "0%"},
        "input_day": {**open_to, "num_format": day},
        "not_asked": {**shown, "bg_color": "#EEEEEE"},
        "wrapped": {"text_wrap": True, "valign": "top"},
        "wrapped_strong": {"text_wrap": True, "valign": "top", "bold": True},
    }
    return {name: book.add_format(dict(look)) for name, look in words.items()}
