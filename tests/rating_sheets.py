"""A rating sheet in the hands of a person: opened by another program, filled in, saved. Belongs here: that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

Cells = list[list[object]]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula a person typed, and what it showed when the workbook was saved."""

    text: str
    shown: object = ""


@dataclass
class Page:
    """One worksheet: row 0 holds the keys. A row is found by an id in its first column, a column by its key."""

    cells: Cells

    def column(self, key: str) -> int:
        """The place of the column with that key."""
        return next(row for row in self.cells if str(row[0]).startswith("kundenwert:")).index(key)

    def rows(self, account: str) -> list[list[object]]:
        """The rows of an account."""
        return [row for row in self.cells if row[0] == account]

    def fill(self, account: str, **said: object) -> None:
        """Write into the first row of an account; `level__x` is the key `level:x`."""
        for key, value in said.items():
            self.rows(account)[0][self.column(key.replace("__", ":"))] = value

    def once(self, mark: str, value: object) -> None:
        """Write beside a mark, for all rows."""
        next(row for row in self.cells if row[0] == f"kundenwert:{mark}")[2] = value

    @property
    def accounts(self) -> list[str]:
        """The ids in the first column, in their order."""
        below = next(at for at, row in enumerate(self.cells) if row[0] == "kundenwert:rows")
        return [str(row[0]) for row in self.cells[below + 1 :]]


def opened(path: Path) -> dict[str, Page]:
    """The worksheets of a workbook, by name."""
    book = CalamineWorkbook.from_path(str(path))
    return {
        name: Page([list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)])
        for name in book.sheet_names
    }


def returned(sheet: Path, target: Path, *fill: Callable[[dict[str, Page]], None]) -> Path:
    """Save `sheet` as `target` with what `fill` does to it, written by another program: colours, hints and protection are gone."""
    pages = opened(sheet)
    for each in fill:
        each(pages)
    target.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(target), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        days = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, page in pages.items():
            made = book.add_worksheet(name)
            for at, row in enumerate(page.cells):
                for place, cell in enumerate(row):
                    if isinstance(cell, Formula):
                        made.write_formula(at, place, cell.text, None, cell.shown)
                    elif isinstance(cell, date | datetime):
                        made.write_datetime(at, place, cell, days)
                    elif cell not in ("", None):
                        made.write(at, place, cell)
    return target
