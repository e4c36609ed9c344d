"""`kundenwert what-if` on the screen, or as JSON. Belongs here: from the command's options to the page.

Not here: computing (orchestration.what_if), how it reads (pipelines.showing.what_if).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places, PublishedDay
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.showing.what_if import WhatIf

command = typer.Typer()


@command.command(
    "what-if",
    epilog="Examples: kundenwert what-if --set weights.attractiveness.chemistry=30 --set "
    "weights.attractiveness.payment=10   ·   kundenwert what-if --set zones.threshold=55 --limit 50   ·   kundenwert "
    "what-if --set weights.attractiveness.chemistry=30 --set weights.attractiveness.strategy_clarity=null --json",
)
def what_if(
    context: typer.Context,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="SETTING=VALUE",
            help="A path into portfolio.yml and a value as written there; may be repeated. "
            "weights.AXIS.CRITERION is short for scorecards.customer.AXIS.CRITERION; null takes a criterion off.",
        ),
    ],
    as_of: PublishedDay = None,
    limit: Annotated[int, typer.Option(min=0, help="Customers shown; --json has all.")] = 20,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the answer.")] = "en",
    as_json: Json = False,
) -> None:
    """Show which customers would change zone under other settings, and the money behind them. Publishes nothing."""
    places: Places = context.obj
    with screen.for_people(as_json):
        show_what_if(places.config_dir, places.home, settings, as_of, limit, language, as_json)


def show_what_if(
    config_dir: Path,
    home: Home,
    assignments: Sequence[str],
    as_of: str | None,
    limit: int,
    language: str,
    as_json: bool,
) -> None:
    """Compute and show; JSON holds every customer, whatever `limit`. Raises PeriodError, LANGUAGE_UNKNOWN and what `what_if` raises."""
    from orchestration.periods import parse_as_of
    from pipelines.vocabulary import voice_of

    voice = voice_of(language)
    day = parse_as_of(as_of) if as_of is not None else None

    from orchestration import what_if as computed

    if as_json:
        screen.print_json(_facts(computed.what_if(config_dir, home, assignments, day)))
        return
    with screen.Progress(shows_models=False) as progress:
        found = computed.what_if(config_dir, home, assignments, day, progress)
    from rich.console import Console

    from pipelines.showing.what_if import render

    show = Console(highlight=False)
    show.print(render(found, voice, limit, show.width))


def _facts(found: WhatIf) -> dict[str, Any]:
    facts = asdict(found)
    moves = facts.pop("moves")
    counts = {"compared": moves["compared"], "zone_changes": len(moves["customers"])}
    counts |= {"status_changes": moves["statuses"], "score_changes": moves["scores"]}
    counts |= {"held": len(moves["held"])}
    return facts | {"counts": counts} | {name: moves[name] for name in ("totals", "customers", "held")}
