"""What people see: errors, tables, progress; or the same as JSON. Belongs here: showing, nothing else."""

from __future__ import annotations

import json
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import durable, machine
from pipelines.errors import ExitCode, KundenwertError, Problem
from pipelines.home import LAST_ERROR, Home

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.run import RunSummary
    from pipelines.landing.control import TableLeftOut
    from pipelines.vocabulary import Voice

WARNINGS_SHOWN = 8


def voice() -> Voice:
    """What the commands speak: English. Pages and explanations speak every language."""
    from pipelines.vocabulary import Voice

    return Voice("en")


def console(*, stderr: bool = False) -> Console:
    """A console; without a terminal lines are neither wrapped nor cut, so that logs stay one fact per line."""
    from rich.console import Console

    is_terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, highlight=False, soft_wrap=not is_terminal, width=None if is_terminal else 200)


def print_json(facts: object) -> None:
    """Facts as JSON on stdout: dates in ISO 8601, money as text with its decimals."""
    sys.stdout.write(json.dumps(facts, default=_plain, ensure_ascii=False, indent=2) + "\n")


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Decimal, Path)):
        return str(value)
    raise TypeError(f"not a fact: {type(value).__name__}")


@contextmanager
def for_people(as_json: bool) -> Iterator[None]:
    """Show a failure of the block on stderr and end with its exit code; Ctrl-C ends with 130.

    What the machine refused (disk, rights, the database of the history) is one of them; its traceback is in logs/last_error.txt.
    """
    try:
        yield
    except KundenwertError as error:
        show_problems(error.problems, error.exit_code, as_json)
        raise SystemExit(int(error.exit_code)) from None
    except KeyboardInterrupt:
        problem = Problem(
            "INTERRUPTED", "stopped on request; the published version is what it was", "", "run again: nothing is lost"
        )
        show_problems((problem,), ExitCode.INTERRUPTED, as_json)
        raise SystemExit(int(ExitCode.INTERRUPTED)) from None
    except Exception as error:
        refused = machine.problem_of(error)
        if refused is None:
            raise
        _keep_traceback(error)
        show_problems((refused,), ExitCode.FAILED, as_json)
        raise SystemExit(int(ExitCode.FAILED)) from None


def _keep_traceback(error: Exception) -> None:
    """The whole message in the home of the command, if the machine takes that."""
    from click import get_current_context

    from orchestration.commands.options import Places

    context = get_current_context(silent=True)
    places = None if context is None else context.find_root().obj
    if isinstance(places, Places):
        with suppress(OSError):
            if places.home.logs.is_dir():
                durable.write_text(places.home.logs / LAST_ERROR, "".join(traceback.format_exception(error)))


def show_problems(problems: Sequence[Problem], exit_code: ExitCode, as_json: bool) -> None:
    """Problems on stderr: for people, or as one JSON object."""
    if as_json:
        error = {"exit_code": int(exit_code), "error": exit_code.name, "problems": [asdict(each) for each in problems]}
        sys.stderr.write(json.dumps(error, ensure_ascii=False, indent=2) + "\n")
        return
    from rich.text import Text

    screen = console(stderr=True)
    print_problems(screen, problems)
    if len(problems) > 1:
        screen.print(Text(f"{len(problems)} problems", style="bold"))


def print_problems(screen: Console, problems: Sequence[Problem], where: str = "where", then: str = "next") -> None:
    """Each problem with its place and the next step below it, if it has them, under these two words."""
    from rich.text import Text

    width = max(len(where), len(then)) + 1
    for problem in problems:
        screen.print(Text.assemble((problem.code, "bold red"), ": ", problem.what))
        for label, said in ((where, problem.where), (then, problem.remedy)):
            if said:
                screen.print(Text.assemble((f"  {label + ':':<{width}} ", "dim"), said))


def show_warning(problem: Problem, as_json: bool) -> None:
    """Something that failed beside the work, on stderr: the work itself did not."""
    if as_json:
        sys.stderr.write(json.dumps({"warning": asdict(problem)}, ensure_ascii=False) + "\n")
        return
    show_warnings(console(stderr=True), (problem,))


def show_summary(summary: RunSummary, home: Path) -> None:
    """The end of a run: warnings, the company by zone and beside them, where everything lies."""
    from rich.text import Text

    screen = console()
    show_warnings(screen, summary.warnings)
    for problem in summary.waived:
        screen.print(Text.assemble(("waived  ", "yellow"), f"{problem.code}: {problem.what}; {problem.remedy}"))
    screen.print()
    screen.print(_zone_table(summary))
    screen.print()
    months = summary.as_of_dates
    span = f"{months[0]}" if len(months) == 1 else f"{months[0]} to {months[-1]}, {len(months)} months"
    is_old = "" if summary.is_new else "; nothing has changed since, so nothing new was published"
    known = f"as of {span}, known at {voice().moment(summary.known_at)}"
    version = f"v{summary.version:06d}, {known}{is_old}"
    asked = f"{summary.path.parent.name}/{summary.path.name}"
    if summary.is_asked:
        version = f"{asked}, {known}"
        screen.print(Text(voice().say("run.asked", current=f"v{summary.version:06d}")))
    for left in summary.left_out:
        screen.print(f"{'left out':>16}  {_left_out(left)}", markup=False)
    for line in _after_before(summary):
        screen.print(Text(line, style="yellow"))
    for day in summary.open_months:
        screen.print(Text(voice().say("run.open_month", as_of=voice().day(day)), style="yellow"))
    for name, text in (
        ("version", version),
        ("for BI tools", str(home / "published" / "CURRENT" / "bi")),
        ("this version", str(summary.path)),
        ("to look at", str(summary.page or Home.at(home).portfolio_page)),
        ("for controlling", f"kundenwert pages {asked}" if summary.is_asked else str(Home.at(home).controlling_page)),
        ("everything else", str(home)),
    ):
        screen.print(f"{name:>16}  {text}", markup=False)


def show_warnings(screen: Console, warnings: Sequence[Problem]) -> None:
    """The weightiest of what does not stop anything."""
    from rich.text import Text

    for problem in warnings[:WARNINGS_SHOWN]:
        screen.print(Text.assemble(("warning ", "yellow"), f"{problem.code}: {problem.what}"))
        for name, text in (("where", problem.where), ("next", problem.remedy)):
            if text:
                screen.print(Text.assemble((f"        {name + ':':<7}", "dim"), text))
    if len(warnings) > WARNINGS_SHOWN:
        more = len(warnings) - WARNINGS_SHOWN
        screen.print(Text(f"... and {more} more; all are in controlling/check_results.parquet", style="dim"))


def _after_before(summary: RunSummary) -> Iterator[str]:
    """What readers of the version before, or of one rolled back from, should know of this one."""
    if summary.again is not None:
        yield (
            f"{'said again':>16}  v{summary.again:06d} was rolled back from, and this version says the same again: "
            "correct the delivery or the setting, or roll back again"
        )
    if summary.no_longer_shown:
        days = ", ".join(map(str, summary.no_longer_shown))
        first, last = min((*summary.no_longer_shown, *summary.as_of_dates)), max(summary.as_of_dates)
        yield (
            f"{'no longer shown':>16}  {days}; nothing is lost: history.shown_months says how many months a version shows, "
            f"kundenwert run --from {first.isoformat()[:7]} --to {last.isoformat()[:7]} shows these, too"
        )


def _left_out(left: TableLeftOut) -> str:
    """What of a table was delivered and does not count: rows and, where known, their amount."""
    parts = (
        ("in quarantine", left.rows_quarantined, left.amount_quarantined),
        ("lost in the mapping's SQL", left.rows_lost_in_mapping, left.amount_lost_in_mapping),
        ("by `where`", left.rows_filtered, left.amount_filtered),
    )
    said = [
        f"{voice().number(rows)} {what}" + ("" if money is None else f" ({amount(money)})")
        for what, rows, money in parts
        if rows
    ]
    has_amount = any(money is not None for _, rows, money in parts if rows)
    meant = f"; in brackets {left.amount_column} as delivered, of all months" if has_amount else ""
    return f"{left.table}: {', '.join(said)}{meant}"


def _zone_table(summary: RunSummary) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    title = f"Portfolio as of {summary.as_of}: 12 months, {summary.currency}, effort in hours and at cost"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("zone", no_wrap=True)
    for name in ("customers", "revenue", "contribution", "hours", "effort"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in summary.zones:
        if row.zone == "company":
            table.add_section()
        table.add_row(
            voice().label("zone" if row.is_zone else "company_part", row.zone),
            voice().number(row.customers),
            *(amount(value) for value in (row.net_revenue, row.contribution, row.effort_hours, row.effort_cost)),
        )
    return table


def amount(value: Decimal | None) -> str:
    """A number for reading: grouped, two decimals; a dash where it is unknown."""
    return voice().number(value, 2)


class Progress:
    """The steps of a run as people follow them: one line per finished asset and model with its seconds.

    On a terminal the steps under way stand below, with a running clock. A `steps.Listener`; called from any thread.
    """

    def __init__(self, *, shows_models: bool = True) -> None:
        """Writes to stderr: stdout is for results. Without `shows_models` a model only shows while it is computed."""
        self._shows_models = shows_models
        self._console = console(stderr=True)
        self._guard = threading.Lock()
        self._running: dict[str, float] = {}
        self._tests = 0
        self._live: Any = None

    def __enter__(self) -> Progress:
        """Begin to show."""
        if self._console.is_terminal:
            from rich.live import Live

            self._live = Live(
                get_renderable=self._under_way, console=self._console, refresh_per_second=4, transient=True
            )
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the finished lines on the screen."""
        if self._live is not None:
            self._live.stop()
        if self._tests:
            self._line("ok", f"{self._tests} dbt tests", None)

    def __call__(self, step: str, event: str, seconds: float) -> None:
        """Take notice of a step's begin or end."""
        with self._guard:
            if event == "begin":
                self._running[step] = time.monotonic()
                return
            self._running.pop(step, None)
            if event == "failed":
                self._line("failed", step, seconds)
            elif step.startswith("dbt ") and not is_model(step):
                self._tests += 1
            elif is_shown(step) and (self._shows_models or not step.startswith("dbt ")):
                self._line("ok", step, seconds)

    def _line(self, state: str, step: str, seconds: float | None) -> None:
        from rich.text import Text

        mark = ("  ok    ", "green") if state == "ok" else ("  failed", "bold red")
        took = "" if seconds is None else f"{seconds:7.2f} s"
        self._console.print(Text.assemble(mark, f" {took:>9}  {step.removeprefix('asset ')}"))

    def _under_way(self) -> Any:
        from rich.text import Text

        now = time.monotonic()
        with self._guard:
            running = sorted(self._running.items(), key=lambda item: item[1])
        lines = [f"  ...    {now - since:7.2f} s  {step.removeprefix('asset ')}" for step, since in running[-6:]]
        return Text("\n".join(lines), style="dim")


MODEL_PREFIXES = ("stg_", "int_", "dim_", "fct_", "mart_")


def is_model(step: str) -> bool:
    """True for the step of a dbt model (tests are counted, not listed)."""
    return step.removeprefix("dbt ").startswith(MODEL_PREFIXES)


def is_shown(step: str) -> bool:
    """True for steps people follow: assets and models. Steps inside them only show while they run."""
    return step.startswith(("asset ", "start")) or (step.startswith("dbt ") and is_model(step))
