"""The command line `kundenwert`. Belongs here: commands and options; every import that costs time is inside a command.

Not here: what commands do (run, source_check, pipelines), how it is shown (screen).
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Optional

import typer

from orchestration.commands import screen
from pipelines.errors import ConfigError, ExitCode, Problem, SourceError
from pipelines.home import Home

ROOT = Path(__file__).parents[2]
LOCAL_HOSTS = ("127.0.0.1", "localhost")

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

Json = Annotated[bool, typer.Option("--json", help="Print facts (and errors) as JSON.")]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the configuration is and where state lives."""

    config_dir: Path
    home: Home


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


@app.command(epilog="Example: kundenwert demo --out var/demo --customers 2000 --months 48 --seed 7")
def demo(
    out: Annotated[Path, typer.Option("--out", help="Directory the files are written to.")],
    customers: Annotated[int, typer.Option(help="Customers of the demo company.")] = 400,
    months: Annotated[int, typer.Option(help="Months of history.")] = 36,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    no_truth: Annotated[
        bool, typer.Option("--no-truth", help="Deliveries only. Always so: the exact truth is computed by the tests.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the deliveries of a demo company, as its ERP and CRM would."""
    del no_truth  # said for scripts; there is nothing to leave out
    with screen.for_people(as_json):
        from pipelines.demo import write_demo

        summary = write_demo(out.expanduser().resolve(), customers, months, seed)
        if as_json:
            files = [asdict(file) for file in summary.files]
            screen.print_json({"out": summary.out, "rows": summary.rows, "bytes": summary.size_bytes, "files": files})
            return
        show = screen.console()
        size = f"{summary.rows:,} rows, {summary.size_bytes / 1e6:.1f} MB"
        show.print(f"{len(summary.files)} files, {size} in {summary.out}")


@app.command(epilog="Example: kundenwert --config examples/classicmodels check")
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
            show.print(f"  ok  {table.table:<24} {table.records:>10,} records  {', '.join(table.files) or '(none)'}")
        for name in absent:
            show.print(f"  --  {name:<24} not mapped: what it would tell stays unknown")
        show.print(f"{workspace.sources.company}: configuration and deliveries fit. Next: kundenwert run")


@app.command(
    epilog="Examples: kundenwert run   ·   kundenwert run --as-of 2026-10-31   ·   "
    "kundenwert run --from 2026-01 --to 2026-10   ·   kundenwert run --as-of 2026-10-31 --known-at 2026-11-05"
)
def run(
    context: typer.Context,
    as_of: Annotated[Optional[str], typer.Option("--as-of", metavar="DATE", help="Last day of the month.")] = None,  # noqa: UP045
    first: Annotated[Optional[str], typer.Option("--from", metavar="MONTH", help="First month, YYYY-MM.")] = None,  # noqa: UP045
    last: Annotated[Optional[str], typer.Option("--to", metavar="MONTH", help="Last month, YYYY-MM.")] = None,  # noqa: UP045
    known_at: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--known-at", metavar="TIME", help="State of knowledge, UTC; default: everything delivered."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Land, check, compute, gate and publish; ends with the portfolio by zone.

    Without dates: the last month complete in the data. Months published before are computed again and stay.
    """
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.periods import parse_known_at, parse_period

        period = parse_period(as_of, first, last)
        moment = parse_known_at(known_at) if known_at is not None else None

        from orchestration.run import run_portfolio
        from pipelines.settings.workspace import open_workspace

        workspace = open_workspace(places.config_dir, places.home)
        if as_json:
            screen.print_json(run_portfolio(workspace, period, moment))
            return
        with screen.Progress() as progress:
            summary = run_portfolio(workspace, period, moment, progress)
        screen.show_summary(summary, places.home.root)


@app.command(
    epilog="Examples: kundenwert explain 010001   ·   kundenwert explain nordsee --language de   ·   "
    "kundenwert explain G00001 --as-of 2026-09-30 --json"
)
def explain(
    context: typer.Context,
    customer: Annotated[
        str, typer.Argument(metavar="CUSTOMER", help="An id, also of a group's entity; or part of a name.")
    ],
    as_of: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--as-of", metavar="DATE", help="A published month end; default: the latest."),
    ] = None,
    language: Annotated[str, typer.Option("--language", metavar="en|de", help="Language of the page.")] = "en",
    as_json: Json = False,
) -> None:
    """Explain one customer: what, why (every part, adding up), what to do, how sure, what is missing."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.commands.explain import explain_customer

        explain_customer(places.home, customer, as_of, language, as_json)


@app.command(
    "what-if",
    epilog="Examples: kundenwert what-if --set weights.attractiveness.chemistry=30 --set "
    "weights.attractiveness.payment=10   ·   kundenwert what-if --set zones.threshold=55 --limit 50   ·   kundenwert "
    "what-if --set weights.attractiveness.chemistry=30 --set weights.attractiveness.strategy_clarity=null --json",
)
def what_if(
    context: typer.Context,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="SETTING=VALUE",
            help="A path into portfolio.yml and a value as written there; may be repeated. "
            "weights.AXIS.CRITERION is short for scorecards.customer.AXIS.CRITERION; null takes a criterion off.",
        ),
    ],
    as_of: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--as-of", metavar="DATE", help="A published month end; default: the latest."),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Customers shown; --json has all.")] = 20,
    as_json: Json = False,
) -> None:
    """Show which customers would change zone under other settings, and the money behind them. Publishes nothing."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from orchestration.commands.what_if import show_what_if

        show_what_if(places.config_dir, places.home, settings, as_of, limit, as_json)


@app.command(epilog="Example: kundenwert versions --json")
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
            when = f"published {each.published_at:%Y-%m-%d %H:%M} UTC"
            size = f"{each.tables} tables, {each.size_bytes / 1e6:.1f} MB"
            show.print(f"{mark} {each.name}  {when}  {span}  method {each.method_version}  {size}")
        if not found:
            show.print("Nothing is published yet. Next: kundenwert run")


@app.command(epilog="Examples: kundenwert verify   ·   kundenwert verify v000007")
def verify(
    context: typer.Context,
    version: Annotated[Optional[str], typer.Argument(help="A version, v000007 or 7; default: the current one.")] = None,  # noqa: UP045
    as_json: Json = False,
) -> None:
    """Compare every byte of a version with its manifest."""
    places: Places = context.obj
    with screen.for_people(as_json):
        from pipelines import publishing

        report = publishing.verify(places.home, publishing.parse_version(version) if version is not None else None)
        if as_json:
            screen.print_json(report)
            return
        screen.console().print(
            f"v{report.version:06d} is exactly what was published: {report.files} files, {report.bytes:,} bytes"
        )


@app.command(epilog="Example: kundenwert rollback v000006")
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
        screen.console().print(f"CURRENT is {info.name}. The next run publishes a new version after the newest one.")


@app.command(epilog="Example: kundenwert ui --port 3001")
def ui(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
    host: Annotated[str, typer.Option(help="Only this machine is allowed: the page has no login.")] = LOCAL_HOSTS[0],
) -> None:
    """Open Dagster's web UI on this machine: the graph, runs, checks, the schedule. Ends with Ctrl-C."""
    places: Places = context.obj
    with screen.for_people(False):
        if host not in LOCAL_HOSTS:
            what = f"the web UI has no login, so it is not offered on {host}"
            remedy = f"leave --host away and reach the machine by an SSH tunnel: ssh -L {port}:127.0.0.1:{port} MACHINE"
            raise ConfigError(Problem("HOST_REFUSED", what, "--host", remedy))
        from orchestration.dagster.web_ui import serve

        raise SystemExit(serve(places.config_dir, places.home, port))


def main() -> None:
    """Entry point of the command `kundenwert`."""
    app()


if __name__ == "__main__":
    main()
