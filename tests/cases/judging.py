"""What the product makes of a drafted company, in about a second: landing, the checks of its batches, the fewest models, the gate.

Belongs here: calling the product's own parts in the order of a run, without Dagster and dbt. Not here: what a company is (drafts.py), what
goes wrong with it (defects.py). A sample of the same companies goes through the whole product, too.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import duckdb

from data_quality import batches, deliveries, gate, landing_results, warehouse_results
from data_quality.weighing import Judged
from pipelines import duck
from pipelines.checks import CheckResult
from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home
from pipelines.landing import as_of, control, ledger, warehouse
from pipelines.landing.land import LandingOutcome, land_table
from pipelines.landing.ledger import LoadedBatch
from pipelines.settings import tables as settings_tables
from pipelines.settings.workspace import Workspace, open_workspace
from tests.cases.drafts import AS_OF, METHOD, Draft, Totals
from tests.generated.compiled import Project, Warehouse

MODELS: Final = (
    "mart_contribution_month",
    "mart_reconciliation",
    "int_contribution__amounts_without_rate",
    "int_contribution__booked_nets",
    "stg_erp__quarantined_ledger_totals",
)
MEASURES: Final = {
    "net_revenue": "net_revenue",
    "cogs": "cogs",
    "marketing_cost": "marketing_cost",
    "service_logistics_cost": "service_logistics_cost",
    "hours": "coalesce(field_hours, 0) + coalesce(inside_hours, 0)",
}
"""What is true of a customer -> the same of a month in mart_contribution_month."""
CENT: Final = Decimal("0.01")
DELIVERED: Final = ("2026-01-05T06:00:00", "2026-01-06T06:00:00")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`blocking`: why nothing is published; `warnings`: what is said beside the numbers; `wrong`: numbers that are not true."""

    blocking: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    wrong: tuple[str, ...] = field(default=())

    def says(self, words: Sequence[str]) -> bool:
        """Whether one message holds one of the words (regular expressions)."""
        return any(
            re.search(word, message, re.IGNORECASE) for word in words for message in (*self.blocking, *self.warnings)
        )


def models(project: Project) -> Warehouse:
    """The models that are asked, planned once for all companies."""
    return Warehouse(project, MODELS)


def deliver(made: Draft, place: Path) -> list[dict[str, bytes]]:
    """The configuration of the company below `place`; returns what it delivers, one after the other."""
    config = place / "config"
    config.mkdir(parents=True)
    shutil.copy(METHOD, config / "portfolio.yml")
    deliveries = [made.files()]
    if made.again is not None:
        rows = {table: [dict(row) for row in rows] for table, rows in made.tables.items()}
        made.again(rows)
        deliveries.append(made.files(rows))
    return deliveries


def put(made: Draft, place: Path, files: dict[str, bytes], delivered_at: str) -> None:
    """One delivery of the company, instead of the one before it."""
    shutil.rmtree(place / "delivered", ignore_errors=True)
    for path, content in files.items():
        (place / "delivered" / path).parent.mkdir(parents=True, exist_ok=True)
        (place / "delivered" / path).write_bytes(content)
    (place / "config" / "sources.yml").write_text(made.sources(place / "delivered", delivered_at), encoding="utf-8")


def judge(made: Draft, place: Path, asked: Warehouse, schema_files: Path | None = None) -> Verdict:
    """Deliver, land, check, compute and decide; of a company that delivers twice only the second is judged.

    `schema_files` is a landing folder made once whose empty files are copied: writing them is most of what an empty home costs.
    """
    if schema_files is not None:
        shutil.copytree(schema_files, place / "home" / "landing")
    home = Home.at(place / "home").prepare()
    published: frozenset[str] = frozenset()
    verdict = Verdict()
    for files, delivered_at in zip(deliver(made, place), DELIVERED, strict=False):
        put(made, place, files, delivered_at)
        verdict = run(made.true, place / "config", home, asked, published)
        published = frozenset(b.entry.batch_id for b in ledger.batches(ledger.read(home)) if b.is_active)
    return verdict


def run(true: Totals, config: Path, home: Home, asked: Warehouse, published: frozenset[str]) -> Verdict:
    """Land, check, compute and decide once, against what `published` batches held."""
    outcomes: list[LandingOutcome] = []
    try:
        workspace = open_workspace(config, home)
        outcomes += [land_table(workspace, table) for table in workspace.contracts]
        day = as_of.default_as_of(workspace)
        results = list(_results(workspace, outcomes, day, asked, published))
    except KundenwertError as error:
        found = [found.problem for each in outcomes for found in each.problems if found.severity == "critical"]
        return Verdict(blocking=tuple(map(_message, (*found, *error.problems))))
    decision = gate.decide(results, required_areas=())
    differing = () if not decision.green else tuple(wrong(true, asked.bi, day))
    warned = gate.plain_words(gate.GateDecision(True, decision.warnings, ()))
    return Verdict(tuple(map(_message, gate.plain_words(decision))), tuple(map(_message, warned)), differing)


def _results(
    workspace: Workspace, outcomes: Sequence[LandingOutcome], day: date, asked: Warehouse, published: frozenset[str]
) -> Iterator[CheckResult]:
    home = workspace.home
    landed = ledger.batches(ledger.read(home))
    yield from landing_results.landing_results(outcomes, landed)
    settings_tables.write(workspace.portfolio, home)
    control.write_control(workspace, (control.AsOf(day, as_of.default_known_at(workspace, day)),))
    warehouse.attach(home, workspace.contracts)
    yield from batches.check_batches(workspace)
    with duck.reading(home.warehouse, home.temporary) as connection:
        yield from warehouse_results.quarantine_results(connection, workspace.contracts)
        yield from _weighed(workspace, connection, landed, published)
        numbers = asked.build_landed(connection)
    yield from warehouse_results.reconciliation_results(numbers)
    yield from warehouse_results.quarantined_ledger_results(numbers)
    yield from warehouse_results.fx_results(numbers)
    yield from warehouse_results.booked_net_results(numbers)


def _weighed(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    landed: Sequence[LoadedBatch],
    published: frozenset[str],
) -> Iterator[CheckResult]:
    """Weights, the delivery before, plausibility."""
    reporting = workspace.portfolio.currency.reporting
    before = (published, AS_OF if published else None)
    yield from deliveries.judge(Judged(connection, workspace.sources, workspace.contracts, reporting, landed, *before))


def wrong(true: Totals, numbers: duckdb.DuckDBPyConnection, day: date) -> Iterator[str]:
    """Where mart_contribution_month of the connection is not what is true."""
    if day != AS_OF:
        yield f"as of {day} instead of {AS_OF}"
    shown = ", ".join(f"sum({sql})" for sql in MEASURES.values())
    rows = numbers.execute(
        f"select ultimate_parent_id, {shown} from mart_contribution_month where as_of_date = ? and month_start > ? group by all",
        [day, date(day.year - 1, day.month, 28)],
    ).fetchall()
    there = {row[0]: dict(zip(MEASURES, row[1:], strict=True)) for row in rows}
    for customer, measures in true.items():
        for measure, value in measures.items():
            published = there.get(customer, {}).get(measure)
            # A sum of converted lines is rounded line by line; hours are shown with two places a month.
            if published is None or abs(Decimal(published) - value) > max(CENT * 30, abs(value) / 10000):
                yield f"{measure} of {customer}: {published} instead of {value}"
    for customer in there.keys() - true.keys():
        if any(there[customer].values()):
            yield f"{customer} is nobody"


def _message(problem: Problem) -> str:
    return " ".join(str(problem).split())
