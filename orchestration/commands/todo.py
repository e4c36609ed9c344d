"""`kundenwert todo`: what is due next, on the screen or as JSON. Belongs here: from the command's options to the list.

Not here: what is on the list and how it reads (pipelines.showing.worklist).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places, PublishedDay
from pipelines.home import Home

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert todo   ·   kundenwert todo --area North --limit 50   ·   "
    "kundenwert todo --task visit --language de"
)
def todo(
    context: typer.Context,
    area: Annotated[Optional[str], typer.Option("--area", help="Only this sales area.")] = None,  # noqa: UP045
    task: Annotated[Optional[str], typer.Option("--task", help="Only this task, e.g. visit, defend, rate.")] = None,  # noqa: UP045
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many tasks are shown.")] = 20,
    as_of: PublishedDay = None,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the list.")] = "en",
    as_json: Json = False,
) -> None:
    """Show what is due next: about which customer and money, until when, what happened, what to do."""
    places: Places = context.obj
    with screen.for_people(as_json):
        show_worklist(places.home, as_of, area, task, limit, language, as_json)


def show_worklist(
    home: Home, as_of: str | None, area: str | None, task: str | None, limit: int, language: str, as_json: bool
) -> None:
    """Show the work list of the current version as of one of its dates (None: its latest).

    Raises PeriodError for a date that is no month end, LANGUAGE_UNKNOWN, VerifyError NOTHING_PUBLISHED, and whatever
    pipelines.showing.worklist.worklist raises.
    """
    from orchestration.periods import parse_as_of
    from pipelines.vocabulary import voice_of

    voice = voice_of(language)
    day = parse_as_of(as_of) if as_of is not None else None

    from pipelines import publishing
    from pipelines.showing import worklist as showing

    found = showing.worklist(publishing.current_directory(home), day, area, task, limit)
    if as_json:
        screen.print_json(asdict(found))
        return
    from rich.console import Console

    show = Console(highlight=False)
    show.print(showing.render(found, voice, show.width))
