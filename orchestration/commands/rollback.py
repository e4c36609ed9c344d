"""`kundenwert rollback`. Belongs here: taking the lock and saying what happened; not here: the pointer (pipelines.publishing)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

command = typer.Typer()


@command.command(epilog="Example: kundenwert rollback v000006")
def rollback(
    context: typer.Context,
    version: Annotated[str, typer.Argument(help="A version, v000007 or 7.")],
    as_json: Json = False,
) -> None:
    """Let BI tools read an earlier version again, after verifying it."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import lock, publishing

        number = publishing.parse_version(version)
        with lock.held(places.home):
            info = publishing.rollback(places.home, number)
        if as_json:
            screen.print_json({"name": info.name, **asdict(info)})
            return
        screen.console().print(
            f"CURRENT is {info.name}. The next run publishes a new version after the newest one; its pages: kundenwert pages {info.name}"
        )
