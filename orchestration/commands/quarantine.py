"""`kundenwert quarantine`. Belongs here: options, the lock, what was done; not here: sheets and corrections (pipelines.landing)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places

command = typer.Typer()
group = typer.Typer(
    no_args_is_help=True,
    help="Correct rows in quarantine in a sheet, and load them by the same rules.",
    epilog="Example: kundenwert quarantine export corrections.xlsx --raw",
)
command.add_typer(group, name="quarantine")


@group.command(epilog="Example: kundenwert quarantine export corrections.xlsx --raw --table invoice_lines")
def export(
    context: typer.Context,
    sheet: Annotated[Path, typer.Argument(help="A .xlsx; or a .csv for the rows of one delivered file.")],
    table: Annotated[Optional[list[str]], typer.Option("--table", help="Only rows of this table; repeatable.")] = None,  # noqa: UP045
    raw: Annotated[
        bool, typer.Option("--raw", help="With the delivered values, also of persons: only for who may read them.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the rows in quarantine into a sheet: where they stand and why; with --raw also their delivered values, to be corrected."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import lock
        from pipelines.landing import sheets
        from pipelines.settings.workspace import open_workspace

        workspace = open_workspace(places.config_dir, places.home)
        with lock.held(workspace.home.prepare()):
            written = sheets.export(workspace, sheet.expanduser().resolve(), table or (), with_values=raw)
        if as_json:
            screen.print_json(written)
            return
        show = screen.console()
        for source, rows in written.rows.items():
            show.print(f"{rows:>8} rows of {source}", markup=False)
        if written.without_place:
            show.print(
                f"{written.without_place:>8} rows have no place in a file: the SQL of their mapping does not hand it on"
            )
        next_step = (
            "correct the cells, then: kundenwert quarantine replay"
            if raw
            else "with --raw it can be corrected and replayed"
        )
        show.print(f"{written.path}. Next: {next_step}", markup=False)


@group.command(
    epilog='Example: kundenwert quarantine replay corrections.xlsx --by "A. Controller" --why "amounts as on paper"'
)
def replay(
    context: typer.Context,
    sheet: Annotated[Path, typer.Argument(help="The corrected sheet.")],
    by: Annotated[str, typer.Option("--by", help="Who corrected it; kept with the rows.")],
    why: Annotated[str, typer.Option("--why", help="From what; kept with the rows.")],
    as_json: Json = False,
) -> None:
    """Load corrected rows in the place of those in quarantine, by the same rules; the delivered file stays as it is.

    A file that is delivered anew, with other bytes, is read without these corrections: correct the source, too.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import lock
        from pipelines.landing import sheets
        from pipelines.landing.land import land_corrected
        from pipelines.settings.workspace import open_workspace

        workspace = open_workspace(places.config_dir, places.home)
        with lock.held(workspace.home.prepare()):
            taken = sheets.take(workspace, sheet.expanduser().resolve(), by, why)
            outcomes = [land_corrected(workspace, entry) for entry in taken.events]
        if as_json:
            tables = [
                {"table": each.table, "rows_accepted": each.rows_accepted, "rows_quarantined": each.rows_quarantined}
                for each in outcomes
            ]
            counts = {"corrected": taken.corrected, "dropped": taken.dropped, "unchanged": taken.unchanged}
            screen.print_json({**counts, "tables": tables})
            return
        show = screen.console()
        show.print(f"{taken.corrected} rows corrected, {taken.dropped} dropped, {taken.unchanged} as delivered")
        for outcome in outcomes:
            left = f"{outcome.rows_quarantined} rows still in quarantine"
            show.print(f"  {outcome.table}: {outcome.rows_accepted} rows accepted, {left}", markup=False)
        show.print("Next: kundenwert run")
