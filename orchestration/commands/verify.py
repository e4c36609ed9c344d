"""`kundenwert verify`. Belongs here: its option and its one line; not here: comparing bytes (pipelines.publishing)."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

command = typer.Typer()


@command.command(epilog="Examples: kundenwert verify   ·   kundenwert verify v000007")
def verify(
    context: typer.Context,
    version: Annotated[
        Optional[str],  # noqa: UP045 - typer reads this at run time
        typer.Argument(help="A version, v000007 or 7, or an answer, asked/...; default: the current one."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare every byte of a version with its manifest."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import publishing
        from pipelines.publishing import asked

        if version is not None and asked.is_name(version):
            report = asked.verify(places.home, version)
        else:
            report = publishing.verify(places.home, publishing.parse_version(version) if version is not None else None)
        if as_json:
            screen.print_json(report)
            return
        size = f"{report.files} files, {screen.voice().number(report.bytes)} bytes"
        name = version if version is not None and asked.is_name(version) else f"v{report.version:06d}"
        screen.console().print(f"{name} is exactly what was published: {size}")
