"""`kundenwert serve-postgres`. Belongs here: its options, where its connection string stands, its one line.

Not here: loading (pipelines.publishing.postgresql).
"""

from __future__ import annotations

import os
from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Json, Places
from pipelines.errors import ConfigError, Problem

command = typer.Typer()

VARIABLE = "KUNDENWERT_POSTGRES_URL"


@command.command(
    "serve-postgres",
    epilog="Examples: kundenwert serve-postgres   ·   kundenwert serve-postgres v000007 --database BI_TEST_URL",
)
def serve_postgres(
    context: typer.Context,
    version: Annotated[
        Optional[str],  # noqa: UP045 - typer reads this at run time
        typer.Argument(help="A version, v000007 or 7; default: the current one."),
    ] = None,
    database: Annotated[
        str,
        typer.Option(
            "--database", metavar="VARIABLE", help="The environment variable that holds the connection string."
        ),
    ] = VARIABLE,
    as_json: Json = False,
) -> None:
    """Load a published version into PostgreSQL and let its readers see it, all at once. Does nothing if they do already."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import publishing
        from pipelines.publishing import postgresql

        url = _url(database)
        number = publishing.parse_version(version) if version is not None else None
        served = postgresql.serve(places.home, number, url)
        if as_json:
            screen.print_json(served)
            return
        if not served.is_new:
            screen.console().print(f"{served.version} is what readers of the database see already")
            return
        size = f"{served.tables} tables, {screen.voice().number(served.rows)} rows loaded"
        screen.console().print(f"readers of the database see {served.version} now: {size}")


def _url(variable: str) -> str:
    """The connection string. Raises ConfigError CONFIG_ENVIRONMENT, DATABASE_URL; what stands in its place may be a password."""
    if "://" in variable:
        what = "--database takes the name of an environment variable, not a connection string, which others would see"
        raise ConfigError(
            Problem("DATABASE_URL", what, "--database", f"set {VARIABLE} to it, and leave the option out")
        )
    if not (url := os.environ.get(variable)):
        what = f"the environment variable {variable} is not set, so there is no database to load"
        remedy = f"set {variable} to the database's connection string: docs/postgresql.md"
        raise ConfigError(Problem("CONFIG_ENVIRONMENT", what, variable, remedy))
    return url
