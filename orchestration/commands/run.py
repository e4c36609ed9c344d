"""`kundenwert run`. Belongs here: dates and their refusal, progress, the summary; not here: the run (orchestration.run)."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Annotated, Optional
from zoneinfo import ZoneInfo

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert run   ·   kundenwert run --as-of 2026-10-31   ·   "
    "kundenwert run --from 2026-01 --to 2026-10   ·   kundenwert run --as-of 2026-10-31 --known-at 2026-11-05"
)
def run(
    context: typer.Context,
    as_of: Annotated[Optional[str], typer.Option("--as-of", metavar="DATE", help="Last day of the month.")] = None,  # noqa: UP045
    first: Annotated[Optional[str], typer.Option("--from", metavar="MONTH", help="First month, YYYY-MM.")] = None,  # noqa: UP045
    last: Annotated[Optional[str], typer.Option("--to", metavar="MONTH", help="Last month, YYYY-MM.")] = None,  # noqa: UP045
    known_at: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--known-at",
            metavar="TIME",
            help="State of knowledge, in the company's time; default: everything delivered.",
        ),
    ] = None,
    allow_open_month: Annotated[
        bool, typer.Option("--allow-open-month", help="Compute a named month that is not over, and call it open.")
    ] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Make a date or a state of knowledge of the past the current version.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Compute everything again, also what follows from nothing new.")
    ] = False,
    wait: Annotated[
        int,
        typer.Option("--wait", metavar="MINUTES", min=0, help="Wait so long for another run of this home to end."),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Land, check, compute, gate and publish; ends with the portfolio by zone.

    Without dates: the last month that was over on the day of the newest delivery and is posted in. A month shows those before it, too
    (history.shown_months); --from and --to show what they name. Where nothing has changed since, nothing new is published. A date or a
    state of knowledge earlier than the current version's is a question about the past: its answer lies in published/asked, the current
    version stays.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.periods import parse_known_at, parse_period

        period = parse_period(as_of, first, last)
        # Before anything is read; whose time it is, only the configuration says.
        moment = parse_known_at(known_at) if known_at is not None else None

        from orchestration.run import run_portfolio
        from pipelines.settings.workspace import open_workspace
        from pipelines.watching.ended import watched

        with watched(places.config_dir, places.home, partial(screen.show_warning, as_json=as_json)) as watch:
            workspace = open_workspace(places.config_dir, places.home)
            if known_at is not None:
                moment = parse_known_at(known_at, zone=ZoneInfo(workspace.sources.time_zone))
            asked = partial(
                run_portfolio,
                workspace,
                period,
                moment,
                rebuild=rebuild,
                allow_open_month=allow_open_month,
                publish=publish,
                waits=timedelta(minutes=wait),
            )
            with nullcontext() if as_json else screen.Progress() as progress:
                summary = asked(progress)
            watch.is_recorded = not summary.is_asked
        if as_json:
            screen.print_json(summary)
            return
        screen.show_summary(summary, places.home.root)
