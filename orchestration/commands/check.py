"""`kundenwert check`. Belongs here: showing what fits and what does not; not here: the dry run (pipelines.landing.dry_run)."""

from __future__ import annotations

from dataclasses import asdict

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places
from pipelines.errors import SourceError

command = typer.Typer()


@command.command(epilog="Example: kundenwert --config examples/classicmodels check")
def check(context: typer.Context, as_json: Json = False) -> None:
    """Check configuration and deliveries without loading anything; tells every problem at once."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines.settings.workspace import open_workspace

        workspace = open_workspace(places.config_dir, places.home)

        from pipelines.landing.dry_run import check_sources

        checked, problems = check_sources(workspace)
        if problems:
            raise SourceError(*problems)
        absent = sorted(set(workspace.contracts) - set(workspace.sources.tables))
        if as_json:
            tables = [asdict(table) for table in checked]
            screen.print_json({"company": workspace.sources.company, "tables": tables, "unmapped": absent})
            return
        show = screen.console()
        for table in checked:
            records = screen.voice().number(table.records)
            show.print(f"  ok  {table.table:<24} {records:>10} records  {', '.join(table.files) or '(none)'}")
        for name in absent:
            show.print(f"  --  {name:<24} not mapped: what it would tell stays unknown")
        show.print(f"{workspace.sources.company}: configuration and deliveries fit. Next: kundenwert run")
