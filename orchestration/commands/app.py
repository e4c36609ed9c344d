"""The command line `kundenwert`. Belongs here: its commands put together, the options before them, the exit codes' list.

Not here: a command (the module of its name); every import that costs time stands inside one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands import (
    alerts,
    check,
    crm_writeback,
    dbt,
    demo,
    doctor,
    explain,
    export,
    init,
    lineage,
    pages,
    person,
    potential_check,
    prune,
    quarantine,
    rebuild,
    rollback,
    run,
    serve_postgres,
    sheet,
    status,
    todo,
    ui,
    verify,
    versions,
    what_if,
)
from orchestration.commands.options import Places
from pipelines.errors import ExitCode
from pipelines.home import Home

ROOT = Path(__file__).parents[2]
COMMANDS = (
    demo,
    init,
    check,
    run,
    status,
    doctor,
    alerts,
    quarantine,
    explain,
    todo,
    sheet,
    potential_check,
    crm_writeback,
    what_if,
    export,
    lineage,
    versions,
    pages,
    verify,
    rollback,
    rebuild,
    prune,
    serve_postgres,
    person,
    ui,
    dbt,
)
"""In the order of the help."""

EPILOG = f"""
Exit codes: {ExitCode.OK} done; {ExitCode.FAILED} failed; {ExitCode.USAGE} wrong option or date; {ExitCode.CONFIG}
configuration; {ExitCode.SOURCE} deliveries; {ExitCode.GATE_RED} gate red, nothing published; {ExitCode.LOCKED} another
run works in this home; {ExitCode.VERIFY_FAILED} a version is not what was published;
{ExitCode.INTERRUPTED} interrupted.
"""

app = typer.Typer(
    name="kundenwert",
    help="""Customer value from ERP and CRM deliveries: contribution, potential, attractiveness, portfolio zones.

Examples: [bold]kundenwert demo --out var/demo[/] writes deliveries of a demo company; [bold]kundenwert check[/] tells
what is wrong with configuration and deliveries; [bold]kundenwert run[/] computes and publishes the last complete month;
[bold]kundenwert run --from 2026-01 --to 2026-10[/] ten months in one run.""",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        typer.echo(f"kundenwert {metadata.version('kundenwert')}")
        raise typer.Exit()


@app.callback()
def main_options(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option("--config", envvar="KUNDENWERT_CONFIG", help="Directory of sources.yml and portfolio.yml.")
    ] = ROOT / "config",
    home: Annotated[
        Path, typer.Option("--home", envvar="KUNDENWERT_HOME", help="Directory of all state; made when needed.")
    ] = ROOT / "var",
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the release and exit.")
    ] = False,
) -> None:
    """Options of every command; they stand before its name."""
    os.umask(0o077)
    context.obj = Places(config.expanduser().resolve(), Home.at(home))


for _each in COMMANDS:
    app.add_typer(_each.command)


def main() -> None:
    """Entry point of the command `kundenwert`."""
    app()


if __name__ == "__main__":
    main()
