"""`kundenwert ui`. Belongs here: its options and whom it refuses; not here: the web server (orchestration.dagster.web_ui)."""

from __future__ import annotations

from typing import Annotated, Literal, Optional

import typer

from orchestration.commands import screen
from orchestration.commands.options import Places
from pipelines.errors import ConfigError, Problem

LOCAL_HOSTS = ("127.0.0.1", "localhost")

command = typer.Typer()


@command.command(epilog="Example: kundenwert ui --port 3001")
def ui(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
    host: Annotated[str, typer.Option(help="Only this machine is allowed: the page has no login.")] = LOCAL_HOSTS[0],
    only: Annotated[
        Optional[Literal["web", "daemon"]],  # noqa: UP045 - typer reads this at run time
        typer.Option(help="Start this alone: services of their own for the page and for what starts the runs."),
    ] = None,
) -> None:
    """Open Dagster's web UI on this machine: the graph, runs, checks, the schedule. Ends with Ctrl-C."""
    places: Places = context.obj
    with screen.for_people(False):
        if host not in LOCAL_HOSTS:
            what = f"the web UI has no login, so it is not offered on {host}"
            remedy = (
                f"leave --host away; for yourself, by an SSH tunnel: ssh -L {port}:127.0.0.1:{port} MACHINE; "
                f"for others, by a proxy that asks who they are: docs/deployment.md"
            )
            raise ConfigError(Problem("HOST_REFUSED", what, "--host", remedy))
        from orchestration.dagster.web_ui import serve
        from orchestration.dbt import column_lineage

        if only != "daemon":
            column_lineage.prepare(places.home)
        raise SystemExit(serve(places.config_dir, places.home, port, only))
