"""`kundenwert potential-check`. Belongs here: from the command's options to the page and the sheets, and what was written.

Not here: what speaks for potential and whom to ask first (mart_potential_check), the page (pipelines.showing.potential_check), the sheets
(pipelines.showing.rating_sheets).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from orchestration.commands import screen, sheet_ratings
from orchestration.commands.options import Json, Places, PublishedDay

if TYPE_CHECKING:
    from datetime import date

    from pipelines.settings.portfolio import Portfolio
    from pipelines.showing.rating_sheets import Asked, Written
    from pipelines.vocabulary import Voice

command = typer.Typer()

PAGE = "potential_check.html"


@command.command(
    name="potential-check",
    epilog="Examples: kundenwert potential-check   ·   kundenwert potential-check --cover 60 --language de --out to_send",
)
def potential_check(
    context: typer.Context,
    cover: Annotated[
        int,
        typer.Option("--cover", min=1, max=100, metavar="PERCENT", help="So much of the revenue is to be judged."),
    ] = 80,
    out: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads this at run time
        typer.Option(
            "--out", metavar="DIR", help="Where page and workbooks go; default: reports/potential_check in the home."
        ),
    ] = None,
    as_of: PublishedDay = None,
    language: Annotated[
        str,
        typer.Option("--language", metavar="en|de", help="Language of sheets and sentences; the page has every one."),
    ] = "en",
    as_json: Json = False,
) -> None:
    """Say where potential is likely, and whom to rate and estimate first: a page, and the sheets to fill in.

    It needs invoices only: who grows, which product groups a customer lacks that customers like it buy, and which it no longer buys.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.periods import parse_as_of
        from pipelines.vocabulary import voice_of

        voice = voice_of(language)
        day = parse_as_of(as_of) if as_of is not None else None
        _check(places, Decimal(cover) / 100, out, day, voice, as_json)


def _check(places: Places, cover: Decimal, out: Path | None, day: date | None, voice: Voice, as_json: bool) -> None:
    from pipelines import publishing
    from pipelines.settings.workspace import open_workspace
    from pipelines.showing import potential_check as showing

    workspace = open_workspace(places.config_dir, places.home)
    version = publishing.current_directory(places.home)
    found = showing.read_check(version, cover, day)
    directory = (out or places.home.reports / "potential_check").expanduser().resolve()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    asked: Asked | None = None
    written: tuple[Written, ...] = ()
    if found.has_accounts:
        asked, written = _sheets(version, cover, found.as_of_date, workspace.portfolio, directory, voice)
    names = tuple(each.path.name for each in written)
    page = showing.write_page(found, directory / PAGE, showing.PageContext(workspace.sources.company, names))
    spoken = voice.of(None, found.as_of_date)
    said = [each.by(spoken) for each in showing.leading(found)]
    if as_json:
        totals = {"cover": found.cover, "as_of_date": found.as_of_date, "totals": found.totals}
        screen.print_json({"page": page, "sheets": written, "said": said, **totals})
        return
    show = screen.console()
    for sentence in said:
        show.print(sentence, markup=False)
    show.print(f"written: {page}", markup=False)
    if asked is not None:
        sheet_ratings.show(asked, written, workspace.sources, int(cover * 100))
    else:
        what = "no sheets: no customer has a CRM account, and ratings are of accounts"
        show.print(
            f"{what}. Next: map `accounts` from the list of customers (docs/rating_sheets.md), then kundenwert run",
            markup=False,
        )


def _sheets(
    version: Path, cover: Decimal, day: date, portfolio: Portfolio, directory: Path, voice: Voice
) -> tuple[Asked, tuple[Written, ...]]:
    from pipelines.showing import rating_sheets

    asked = rating_sheets.asked(version, day, None, cover)
    return asked, rating_sheets.write(asked, portfolio, directory, voice)
