"""Writes the controllers' page: one HTML file with everything in it, which opens anywhere and reaches for nothing.

Belongs here: putting rows (query), tables (sections), words (words) and template (bi/controlling) together. Not here: any of the four.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from markupsafe import Markup

from pipelines import durable
from pipelines.showing import offline
from pipelines.showing.controlling import words
from pipelines.showing.controlling.model import Cell, Column, Controlling, Section
from pipelines.showing.controlling.sections import sections
from pipelines.vocabulary import Text, code_groups, text, voices
from pipelines.vocabulary.catalogue import DIRECTORY
from pipelines.vocabulary.formats import own_name

MOST_ROWS: Final = 400
"""So many rows of a table the page holds: of thousands of customers nobody reads each on a page, and on paper all are unfolded."""
TEMPLATES: Final = Path(__file__).resolve().parents[3] / "bi" / "controlling"


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page needs beside the version: the company's name, and a folder whose catalogues stand before the shipped ones."""

    company: str = ""
    catalogues: Path = DIRECTORY


def write_page(told: Controlling, target: Path, context: PageContext | None = None) -> Path:
    """Write the page of what was read of a version to `target` (0600, atomically) and return `target`.

    The same version, context and release give the same bytes: no clock is read.
    """
    durable.write_text(target, render(told, context or PageContext()))
    return target


def render(page: Controlling, context: PageContext) -> str:
    """The page as HTML."""
    spoken = tuple(voice.of(None, page.facts.as_of_date) for voice in voices(context.catalogues))
    script = (TEMPLATES / "controlling.js").read_text(encoding="utf-8")
    lights = code_groups()["light"].codes
    return (
        offline.environment(TEMPLATES, spoken)
        .get_template("controlling.html.j2")
        .render(
            page=page,
            context=context,
            sections=tuple(_for_page(section) for section in sections(page)),
            urgent=[(words.urgent(row, page), words.SECTION_OF[row.kind], row.kind) for row in page.urgent],
            lights=[(light, sum(source.light == light for source in page.sources)) for light in lights],
            style=Markup((TEMPLATES / "controlling.css").read_text(encoding="utf-8")),  # noqa: S704 - a file of this project
            script=Markup(script),  # noqa: S704 - a file of this project
            script_hash=offline.csp_hash(script),
            voices=spoken,
            own_name=own_name,
            say=text,
            code=words.label,
            cell=_written,
            exact=_exact,
            day=words.day,
            number=words.number,
            known_at=Text(lambda voice: voice.moment(page.facts.known_at)),
            why=words.labels("publication", ", ".join(page.facts.why)),
        )
    )


def _for_page(section: Section) -> Section:
    """The section without columns that are rare and say nothing here, and not longer than a page may be."""
    columns, rows = _telling(section.columns, section.rows)
    folds = tuple(
        replace(fold, columns=kept, rows=cut)
        for fold in section.folds
        for kept, cut in (_telling(fold.columns, fold.rows),)
    )
    left_out = max(0, len(rows) - MOST_ROWS)
    return replace(section, columns=columns, rows=rows[:MOST_ROWS], folds=folds, left_out=left_out)


def _telling(
    columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    kept = [
        number
        for number, column in enumerate(columns)
        if not column.is_rare or any(row[number] not in (None, 0, "") for row in rows)
    ]
    return tuple(columns[number] for number in kept), tuple(tuple(row[number] for number in kept) for row in rows)


def _written(cell: Cell, column: Column) -> Text | str:
    """A cell as people read it; a dash where nothing is known."""
    if isinstance(cell, Text | str):
        return cell
    if cell is None:
        return "" if column.kind in ("words", "name") else "–"
    if isinstance(cell, datetime):
        return Text(lambda voice: voice.moment(cell))
    if isinstance(cell, date):
        return words.month(cell) if column.kind == "month" else words.day(cell)
    return Text(lambda voice: voice.number(cell, 2 if column.kind == "money" else 0))


def _exact(cell: Cell) -> str:
    """A number or day as machines read it."""
    return str(cell) if isinstance(cell, int | Decimal | date) else ""
