"""`kundenwert check`: the deliveries landed into a scratch home, and what the gate would say of them; nothing is loaded.

Belongs here: putting landing's dry run and the checks of batches together. Not here: either of them, nor how it looks
(commands.check, pipelines.showing.protocol).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING, Final

from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.checks import CheckResult
    from pipelines.landing.dry_run import Protocol, Rehearsed
    from pipelines.settings.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run would find. `red` is what would stop it before anything is published; `warnings` would be published visibly."""

    protocol: Protocol
    red: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def rehearsal(config_dir: Path, home: Home, *, whole: bool = False) -> Rehearsal:
    """Read the first rows of every delivered file (`whole`: all of them) as a run would. Raises ConfigError."""
    from pipelines.settings.workspace import open_workspace

    workspace = open_workspace(config_dir, home)

    from pipelines.landing.dry_run import SAMPLE_ROWS

    with _judging() as judge:
        return _rehearsed(workspace, None if whole else SAMPLE_ROWS, judge)


@contextmanager
def _judging() -> Iterator[Executor]:
    """A process that imports Great Expectations, which takes as long as the files to read, while they are read here: both are Python for
    the most part, and two threads would wait for each other. A second one costs more than it saves."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_at_hand) as judge:
        judge.submit(import_module, "data_quality.suites")
        yield judge


def _at_hand() -> None:
    """Who is asked for the checks ends with who asks: a Ctrl-C is for that one."""
    signal(SIGINT, SIG_IGN)


def _rehearsed(workspace: Workspace, rows_of_each_file: int | None, judge: Executor) -> Rehearsal:
    from pipelines.landing.dry_run import rehearsed

    with rehearsed(workspace, rows_of_each_file) as done:
        from data_quality import gate

        decision = gate.decide(_results(done, judge), required_areas=())
        red = (*_elsewhere(workspace), *gate.plain_words(decision), *_without(done))
        warnings = gate.plain_words(gate.GateDecision(False, decision.warnings, ()))
        return Rehearsal(done.protocol, tuple(dict.fromkeys(red)), tuple(dict.fromkeys(warnings)))


def _elsewhere(workspace: Workspace) -> tuple[Problem, ...]:
    """What keeps the models from being computed where the configuration says."""
    spark = workspace.sources.computes_elsewhere
    if spark is None:
        return ()
    from orchestration.dbt import on_spark

    try:
        on_spark.probe(workspace.home, spark)
    except KundenwertError as error:
        return error.problems
    return ()


def _results(done: Rehearsed, judge: Executor) -> Iterator[CheckResult]:
    """What the checks say of what was landed; batches are judged where there is a date to judge them for."""
    from data_quality.landing_results import landing_results
    from data_quality.privacy import privacy_results
    from pipelines.landing import ledger

    yield from privacy_results(done.scratch)
    home = done.scratch.home
    yield from landing_results(done.outcomes, ledger.batches(ledger.read(home)))
    from pipelines.landing.dry_run import as_of_read

    day = as_of_read(done.scratch)
    if day is None:
        return
    from data_quality.batches import check_warehouse, empties
    from pipelines.landing import as_of, control, warehouse
    from pipelines.settings import tables

    tables.write(done.scratch.portfolio, home)
    control.write_control(done.scratch, (control.AsOf(day, as_of.default_known_at(done.scratch, day)),))
    warehouse.attach(home, done.scratch.contracts)
    unsure = frozenset(_of_the_whole(done))
    contracts = dict(done.scratch.contracts)
    judged = judge.submit(check_warehouse, home.warehouse, home, contracts, empties(done.scratch)).result()
    yield from (result for result in judged if result.check_id not in unsure)


WHOLE: Final = frozenset({"rows", "gaps", "default"})
"""What the rows that were not read may change: how many there are of a month, what is missing, whether all say the same."""


def _of_the_whole(done: Rehearsed) -> Iterator[str]:
    """The checks that say nothing of a table of which only a part was read."""
    from data_quality.batches import measured_rules

    for table in done.protocol.tables:
        if table.more:
            yield from (
                rule.check_id for rule in measured_rules(done.scratch.contracts[table.table]) if rule.concern in WHOLE
            )


def _without(done: Rehearsed) -> Iterator[Problem]:
    """What only a whole run meets, and what is certain to stop it: no date, no exchange rate."""
    for currency, (lines, amount) in done.protocol.currencies_without_rate.items():
        reporting = done.scratch.portfolio.currency.reporting
        what = f"{lines} invoice lines ({amount} {currency}) and not one exchange rate of {currency}"
        remedy = f"map `exchange_rates`, or set `currency.reporting: {currency}` where {reporting} is wrong"
        yield Problem("FX_MISSING", what, "invoice_lines.currency_code", remedy)
    from pipelines.landing.dry_run import as_of_read

    if as_of_read(done.scratch) is None and not any(outcome.problems for outcome in done.outcomes):
        what = "there is no month a run could compute"
        yield Problem("NO_POSTING", what, "invoice_lines", "look at the first and last date of invoice_lines")
