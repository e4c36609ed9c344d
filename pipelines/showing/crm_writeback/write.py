"""The files of a write-back: a CSV and a workbook with the CRM's own column names, a row per account. Belongs here: layout, in which order
files and memory are written. Not here: what is written (read), what it is called (systems).

One worksheet, a heading, UTF-8 without a mark, commas: what the importers of all three read. No text is a formula to a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

from pipelines import durable, workbooks
from pipelines.showing.crm_writeback.read import NOTHING, Row, Writeback
from pipelines.showing.crm_writeback.systems import ABOUT_THE_ROW, System, systems
from pipelines.vocabulary import Voice

_WIDTHS: Final = {"recommended_action": 44, "next_best_product_group": 26, "as_of_date": 12, "changed": 90}
_WIDTH: Final = 20


@dataclass(frozen=True, slots=True)
class Written:
    """The files of one write-back; none where nothing changed. `gone` lists the accounts that are no customer's any more."""

    rows: int
    csv: Path | None = None
    xlsx: Path | None = None
    gone: Path | None = None


def write(found: Writeback, name: str, system: System, last: Path, directory: Path, voice: Voice) -> Written:
    """Write the files of the system `name` into `directory` (0600), then keep in `last` what was written.

    Where it stops before its end nothing is kept, and the next time writes the same. Each time has files of its own: their number.
    """
    if not found.rows and not found.gone:
        return Written(0)
    begin = f"{name}_{found.number:04d}"
    head = [system.account, *system.columns.values()]
    cells = [[row.account_id, *row.now, found.as_of_date.isoformat(), _changed(row, voice)] for row in found.rows]
    made = Written(
        len(cells),
        _write_csv(directory / f"{begin}.csv", head, cells) if cells else None,
        _write_xlsx(directory / f"{begin}.xlsx", found, system, head, cells) if cells else None,
        _write_gone(directory / f"{begin}_gone.csv", found, head) if found.gone else None,
    )
    durable.write_table(last, found.state)
    return made


def _changed(row: Row, voice: Voice) -> str:
    """What changed since the last time, in words."""
    if row.before is None:
        return voice.say("writeback.first")
    changes = [
        voice.say("writeback.change", what=voice.say(f"writeback.value.{name}"), before=before or NOTHING, now=now)
        for name, before, now in zip(systems().values, row.before, row.now, strict=True)
        if before != now
    ]
    return "; ".join(changes) or NOTHING


def _write_csv(target: Path, head: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([workbooks.guarded(cell or "") for cell in row] for row in rows)
    durable.write_text(target, text.getvalue())
    return target


def _write_gone(target: Path, found: Writeback, head: Sequence[str]) -> Path:
    """Accounts that were written before, with what they still show."""
    shown = head[: -len(ABOUT_THE_ROW)]
    return _write_csv(target, shown, ([row.account_id, *(row.before or ())] for row in found.gone))


def _write_xlsx(
    target: Path, found: Writeback, system: System, head: Sequence[str], rows: Sequence[Sequence[str | None]]
) -> Path:
    # Whatever the clock says: the same version and the same memory, the same bytes.
    created = datetime.combine(found.known_on, time())
    with workbooks.writing(target, title=f"{system.title} {found.version}", created=created) as book:
        made = book.add_worksheet(system.title)
        heading = book.add_format({"bold": True, "bg_color": "#E8EDF2"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        text, guarded = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "quote_prefix": True})
        for place, name in enumerate(("account", *system.columns)):
            made.set_column(place, place, _WIDTHS.get(name, _WIDTH))
            made.write_string(0, place, head[place], heading)
        at_day = head.index(system.columns["as_of_date"])
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if place == at_day:
                    made.write_datetime(number, place, found.as_of_date, day)
                else:
                    _write_text(made, number, place, cell or "", text, guarded)
        made.freeze_panes(1, 1)
        made.autofilter(0, 0, len(rows), len(head) - 1)
    return target


def _write_text(made: Any, number: int, place: int, cell: str, text: Any, guarded: Any) -> None:
    made.write_string(number, place, cell, guarded if workbooks.is_computed(cell) else text)
