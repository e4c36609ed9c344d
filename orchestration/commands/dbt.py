"""`kundenwert dbt`. Belongs here: handing everything on to dbt; not here: running it (orchestration.dbt.by_hand)."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Places

command = typer.Typer()


@command.command(
    epilog="Examples: kundenwert dbt show --select mart_portfolio --limit 20   ·   kundenwert dbt build --select "
    "mart_portfolio   ·   kundenwert dbt show --help",
    no_args_is_help=True,
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
def dbt(
    context: typer.Context,
    arguments: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(metavar="ARGS...", help="As for dbt; `--help` is dbt's own."),
    ] = None,
) -> None:
    """Run dbt on this home's warehouse, with its profile and logs: looks at rows, builds a model anew.

    Ends with dbt's exit code. Commands that change tables wait for nobody: while a run works in the home they are refused.
    """
    places: Places = context.obj
    with screen.for_people(False):
        from orchestration.dbt import by_hand

        raise SystemExit(by_hand.run(places.home, arguments or []))
