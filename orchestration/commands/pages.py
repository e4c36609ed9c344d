"""`kundenwert pages`: the pages and workbooks of any version or answer. Belongs here: from its options to the files written.

Not here: what is on them (pipelines.showing); those inside a version (pipelines.showing.pages), which this leaves as they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert pages v000006   ·   kundenwert pages asked/2026-03-31_20260405T215959Z --out answer"
)
def pages(
    context: typer.Context,
    version: Annotated[
        Optional[str],  # noqa: UP045 - typer reads this at run time
        typer.Argument(help="A version, v000007 or 7, or an answer, asked/...; default: the current one."),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads this at run time
        typer.Option("--out", metavar="DIR", help="Where they go; default: reports/<version> in the home."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the portfolio page, the controllers' page and its workbooks of a version: an earlier one, or one rolled back to."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines.publishing import asked
        from pipelines.settings.workspace import open_workspace

        directory = asked.directory_named(places.home, version)
        name = str(directory.relative_to(places.home.published))
        workspace = open_workspace(places.config_dir, places.home)
        target = (out or places.home.reports / name).expanduser().resolve()

        from pipelines.showing import pages as drawn

        written = drawn.write(directory, target, workspace)
        if as_json:
            screen.print_json({"version": name, "written": written})
            return
        for path in written:
            screen.console().print(f"written: {path}", markup=False)
