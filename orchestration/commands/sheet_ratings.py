"""`kundenwert sheet ratings`. Belongs here: from the command's options to the workbooks, and what was written.

Not here: whom they ask about, how they look (pipelines.showing.rating_sheets); reading what comes back (pipelines.sources).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places, PublishedDay

if TYPE_CHECKING:
    from pipelines.settings.sources import SourceMap
    from pipelines.showing.rating_sheets import Asked, Written

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert sheet ratings --language de   ·   kundenwert sheet ratings --area North --out to_send   ·   "
    "kundenwert sheet ratings --cover 80"
)
def ratings(
    context: typer.Context,
    area: Annotated[Optional[str], typer.Option("--area", help="Only this sales area.")] = None,  # noqa: UP045
    out: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads this at run time
        typer.Option("--out", metavar="DIR", help="Where the workbooks go; default: reports/sheets in the home."),
    ] = None,
    cover: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            "--cover",
            min=1,
            max=100,
            metavar="PERCENT",
            help="Only the fewest customers that bring so much of the revenue to be rated and estimated.",
        ),
    ] = None,
    as_of: PublishedDay = None,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the sheets.")] = "en",
    as_json: Json = False,
) -> None:
    """Write a workbook per area: customers whose rating is due or missing, the most revenue first, and demand nobody has estimated.

    Whoever knows the customers fills in levels and amounts; the returned workbook is a delivery like any other (`sheets` in sources.yml).
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.periods import parse_as_of
        from pipelines.vocabulary import voice_of

        voice = voice_of(language)
        day = parse_as_of(as_of) if as_of is not None else None

        from pipelines import publishing
        from pipelines.settings.workspace import open_workspace
        from pipelines.showing import rating_sheets

        workspace = open_workspace(places.config_dir, places.home)
        version = publishing.current_directory(places.home)
        directory = (out or places.home.reports / "sheets").expanduser().resolve()
        found = rating_sheets.asked(version, day, area, None if cover is None else Decimal(cover) / 100)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = rating_sheets.write(found, workspace.portfolio, directory, voice)
        if as_json:
            screen.print_json({"sheets": written, "without_account": found.without_account})
            return
        show(found, written, workspace.sources, cover)


def show(asked: Asked, written: tuple[Written, ...], sources: SourceMap, cover: int | None) -> None:
    """Print what was written, who is in no sheet, and what to do with what comes back."""
    console, number = screen.console(), screen.voice().number
    for each in written:
        counts = f"{number(each.ratings)} to rate, {number(each.demands)} to estimate"
        console.print(f"{each.path}: {counts}, revenue {number(each.net_revenue)}", markup=False)
    if not written:
        is_covered = "" if cover is None else f": {cover} % of the revenue is rated and estimated already"
        console.print(f"nobody is to be asked{is_covered}", markup=False)
    if asked.without_account:
        what = f"{number(asked.without_account)} customers are in no sheet: no CRM account leads to them"
        console.print(what, markup=False)
    mapped = {table: mapping.sheets for table, mapping in sources.tables.items() if mapping.sheets is not None}
    if mapped:
        paths = sorted({sources.files[name].path for name in mapped.values()})
        console.print(
            f"Next: put what comes back where {' and '.join(paths)} leads to, then kundenwert run", markup=False
        )
    elif written:
        remedy = "write into sources.yml where returned sheets lie (docs/rating_sheets.md), then kundenwert run"
        console.print(f"Next: {remedy}", markup=False)
