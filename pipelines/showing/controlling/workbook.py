"""Writes the controllers' workbook: a sheet per section, numbers and dates as what they are, text never as a formula.

Belongs here: cells, formats, filters. Not here: which columns a section has (sections), what is said (words).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pipelines import workbooks
from pipelines.showing.controlling import words
from pipelines.showing.controlling.model import Cell, Column, Controlling, Section
from pipelines.showing.controlling.page import PageContext
from pipelines.showing.controlling.sections import sections
from pipelines.vocabulary import Text, Voice, voices

_FORMATS: Final[Mapping[str, Mapping[str, object]]] = {
    "words": {"text_wrap": True, "valign": "top"},
    "name": {"text_wrap": True, "valign": "top", "bold": True},
    "whole": {"num_format": "#,##0", "valign": "top"},
    "money": {"num_format": "#,##0.00;[Red]-#,##0.00", "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top"},
    "month": {"num_format": "yyyy-mm", "valign": "top"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "valign": "top"},
}
"""A spreadsheet shows these by its own language: the decimal sign and the sign between thousands are the reader's."""

_LIGHTS: Final = {"green": "#E0F3EE", "yellow": "#FCF3E2", "red": "#FBE4E2", "grey": "#EEF1F4"}


def workbook_name(language: str) -> str:
    """The file of a language: controlling.en.xlsx."""
    return f"controlling.{language}.xlsx"


def write_workbooks(told: Controlling, folder: Path, context: PageContext | None = None) -> tuple[Path, ...]:
    """Write a workbook per language of what was read of a version into `folder` (0600, atomically); returns their paths.

    The same version, context and release give the same bytes: the date of creation is when the version was known.
    """
    given = context or PageContext()
    targets = []
    for voice in voices(given.catalogues):
        target = folder / workbook_name(voice.language)
        _write(told, given, voice, target)
        targets.append(target)
    return tuple(targets)


def _write(page: Controlling, context: PageContext, voice: Voice, target: Path) -> None:
    created = page.facts.known_at.astimezone(UTC).replace(tzinfo=None)
    title = voice.say("control.title")
    with workbooks.writing(target, title=title, company=context.company, created=created) as book:
        book.set_size(2400, 1600)
        writer = _Writer(book, voice)
        writer.overview(page, context)
        for section in sections(page):
            writer.sheet(section)


class _Writer:
    """The sheets of one workbook, in one language."""

    def __init__(self, book: Any, voice: Voice) -> None:
        self._book = book
        self._voice = voice
        self._formats = {kind: book.add_format(form) for kind, form in _FORMATS.items()}
        self._guarded = {
            kind: book.add_format({**form, "quote_prefix": True})
            for kind, form in _FORMATS.items()
            if kind in ("words", "name")
        }
        self._lights = {
            light: book.add_format({"bg_color": colour, "bold": True, "valign": "top"})
            for light, colour in _LIGHTS.items()
        }
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#14507A", "font_color": "#FFFFFF"}
        )

    def overview(self, page: Controlling, context: PageContext) -> None:
        """The first sheet: which version, what is most urgent, what stands where."""
        say = self._voice.say
        sheet = self._book.add_worksheet(say("control.overview.sheet"))
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        sheet.write_string(0, 0, say("control.title"), self._title)
        facts = page.facts
        rows: list[tuple[str, str]] = [
            (say("control.facts.company"), context.company),
            (say("control.facts.as_of"), self._voice.day(facts.as_of_date)),
            (say("control.facts.version"), f"v{facts.version:06d}"),
            (say("control.facts.known_at"), self._voice.moment(facts.known_at)),
            (say("control.facts.currency"), facts.reporting_currency),
            (say("control.facts.method"), facts.method_version),
        ]
        urgent = [words.urgent(row, page).by(self._voice) for row in page.urgent]
        rows += [
            ("", ""),
            *(
                (say("control.urgent.heading") if number == 0 else "", told)
                for number, told in enumerate(urgent or [say("control.urgent.nothing")])
            ),
            ("", ""),
        ]
        rows += [
            (section.sheet.by(self._voice), f"{section.heading.by(self._voice)}. {section.lead.by(self._voice)}")
            for section in sections(page)
        ]
        for number, (name, told) in enumerate(rows, 2):
            self._words(sheet, number, 0, name, "name")
            self._words(sheet, number, 1, told, "words")

    def sheet(self, section: Section) -> None:
        """A section: its columns in the first row, which stays in sight, with filters; then its rows."""
        sheet = self._book.add_worksheet(section.sheet.by(self._voice))
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(section.columns):
            sheet.set_column(place, place, column.width)
            self._words(sheet, 0, place, column.title.by(self._voice), "head")
        for number, row in enumerate(section.rows, 1):
            light = section.lights[number - 1] if section.lights else None
            for place, (cell, column) in enumerate(zip(row, section.columns, strict=True)):
                self._cell(sheet, number, place, cell, column, light)
        if not section.rows:
            self._words(sheet, 1, 0, section.empty.by(self._voice), "words")
        sheet.autofilter(0, 0, max(1, len(section.rows)), len(section.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _cell(self, sheet: Any, row: int, place: int, cell: Cell, column: Column, light: str | None) -> None:
        if column.kind == "light" and light is not None and isinstance(cell, Text):
            sheet.write_string(row, place, cell.by(self._voice), self._lights[light])
        elif isinstance(cell, Text):
            self._words(sheet, row, place, cell.by(self._voice), column.kind)
        elif isinstance(cell, str):
            self._words(sheet, row, place, cell, column.kind)
        elif isinstance(cell, date | datetime):
            sheet.write_datetime(row, place, cell, self._formats[column.kind])
        elif isinstance(cell, int | Decimal):
            sheet.write_number(row, place, cell, self._formats[column.kind])

    def _words(self, sheet: Any, row: int, place: int, told: str, kind: str) -> None:
        if kind == "head":
            sheet.write_string(row, place, told, self._head)
        elif told:
            known = kind if kind in self._guarded else "words"
            formats = self._guarded if workbooks.is_computed(told) else self._formats
            sheet.write_string(row, place, told, formats[known])
