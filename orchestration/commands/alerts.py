"""`kundenwert alerts`. Belongs here: sending what is due, or a trial, by hand or by a timer; not here: what is due (pipelines.watching)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places
from pipelines.errors import ConfigError, KundenwertError, Problem

if TYPE_CHECKING:
    from pipelines.settings.alerts import Alerts

command = typer.Typer()


@command.command(epilog="Examples: kundenwert alerts --test   ·   from a timer, every hour: kundenwert alerts")
def alerts(
    context: typer.Context,
    test: Annotated[
        bool, typer.Option("--test", help="Send a trial message to every target, and nothing else.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Tell the targets in config/sources.yml what they have not been told: a failed or dead run, a red gate, what is too old.

    Every run does so when it ends; a timer tells also of runs that never end and of those that never begin.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines.settings.sources import read_sources
        from pipelines.settings.workspace import SOURCES_FILE

        sources = read_sources(places.config_dir / SOURCES_FILE)
        if sources.alerts is None:
            what = "nobody is to be told: the block `alerts` is missing"
            raise ConfigError(Problem("ALERTS_NOWHERE", what, SOURCES_FILE, "write it; docs/operations.md shows how"))
        sent, failed = _trial(places, sources.alerts, sources.company) if test else _due(places)
        if as_json:
            screen.print_json({"sent": sent})
        else:
            screen.console().print(screen.voice().say("alert.sent", count=screen.voice().number(sent)))
        if failed:
            raise KundenwertError(*failed)


def _trial(places: Places, wanted: Alerts, company: str) -> tuple[int, tuple[Problem, ...]]:
    from pipelines.watching import alerts as sending

    done = [problem for _, problem in sending.send_trial(wanted, places.config_dir, company)]
    return sum(problem is None for problem in done), tuple(each for each in done if each is not None)


def _due(places: Places) -> tuple[int, tuple[Problem, ...]]:
    from orchestration.commands.doctor import of_dagster
    from pipelines.watching.ended import told, unwritten

    try:
        return told(places.config_dir, places.home, of_dagster(places))
    except OSError as failed:
        raise KundenwertError(unwritten(failed)) from None
