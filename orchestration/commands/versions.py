"""`kundenwert versions`. Belongs here: the list on the screen; not here: reading versions (pipelines.publishing)."""

from __future__ import annotations

from dataclasses import asdict

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

command = typer.Typer()


@command.command(epilog="Example: kundenwert versions --json")
def versions(context: typer.Context, as_json: Json = False) -> None:
    """List the published versions; the current one is marked."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import publishing

        found = publishing.versions(places.home)
        if as_json:
            screen.print_json([{"name": each.name, **asdict(each)} for each in found])
            return
        show = screen.console()
        for each in found:
            mark = "->" if each.is_current else "  "
            if not each.is_readable or each.published_at is None:
                show.print(f"{mark} {each.name}  its manifest cannot be read: kundenwert verify {each.name}")
                continue
            span = " to ".join(dict.fromkeys(str(day) for day in (each.as_of_dates[:1] + each.as_of_dates[-1:])))
            when = f"published {screen.voice().moment(each.published_at)}"
            size = f"{each.tables} tables, {each.size_bytes / 1e6:.1f} MB"
            show.print(f"{mark} {each.name}  {when}  {span}  method {each.method_version}  {size}")
        if not found:
            show.print("Nothing is published yet. Next: kundenwert run")
