"""`kundenwert export`: a published table for a spreadsheet. Belongs here: from the command's options to the file written.

Not here: how values are written (pipelines.showing.export).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places, PublishedDay

command = typer.Typer()


class Format(StrEnum):
    """What a spreadsheet opens."""

    xlsx = "xlsx"
    csv = "csv"


class Headings(StrEnum):
    """What stands over a column."""

    names = "names"
    labels = "labels"


@command.command(
    epilog="Examples: kundenwert export mart_portfolio   ·   "
    "kundenwert export mart_receivables --format csv --language de --headings labels --all-dates"
)
def export(
    context: typer.Context,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A mart for BI, docs/marts.md lists them.")],
    form: Annotated[Format, typer.Option("--format", help="A workbook with real numbers, or a CSV.")] = Format.xlsx,
    as_of: PublishedDay = None,
    all_dates: Annotated[bool, typer.Option("--all-dates", help="The rows of every as-of date, not of one.")] = False,
    language: Annotated[
        str, typer.Option("--language", metavar="en|de", help="How a CSV writes numbers and dates; of labels.")
    ] = "en",
    headings: Annotated[
        Headings, typer.Option("--headings", help="The columns' names, or what people call them in the language.")
    ] = Headings.names,
    out: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads this at run time
        typer.Option("--out", metavar="FILE", help="Where it goes; default: reports/export in the home."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a published table of the current version as a workbook or CSV that no spreadsheet misreads or computes."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.periods import parse_as_of
        from pipelines import publishing
        from pipelines.publishing import manifest
        from pipelines.showing.choice import day_of
        from pipelines.showing.export import export as write
        from pipelines.vocabulary import voice_of

        version = publishing.current_directory(places.home)
        wanted = None if as_of is None else parse_as_of(as_of)
        day = None if all_dates else day_of(sorted(manifest.read(version).as_of_dates), wanted)
        name = f"{table}{'' if day is None else f'_{day}'}.{form}"
        target = (out or places.home.reports / "export" / name).expanduser().resolve()
        done = write(version, table, day, form.value, voice_of(language), target, headings.value)
        if as_json:
            screen.print_json(done)
            return
        screen.console().print(f"written: {done.path}, {screen.voice().number(done.rows)} rows", markup=False)
