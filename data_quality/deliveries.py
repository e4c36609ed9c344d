"""Judges what was delivered by its weight, against the delivery before, and by what is plausible: one connection, one pass over the lines.

Belongs here: opening, the tables these checks share, their order. Not here: any of the checks (weights, before, plausibility).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from data_quality.before import before_results
from data_quality.plausibility import plausibility_results
from data_quality.weighing import BEFORE, NOW, Judged, create_rates, weigh_lines
from data_quality.weights import weight_results
from pipelines import duck, publishing
from pipelines.checks import CheckResult
from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.landing import ledger
from pipelines.landing.ledger import LoadedBatch
from pipelines.publishing import layout, manifest
from pipelines.settings.workspace import Workspace


def check_deliveries(workspace: Workspace, warehouse: Path | None = None) -> tuple[CheckResult, ...]:
    """Every result about the batches that count, in the warehouse whose raw and quarantine views are attached."""
    batches = ledger.batches(ledger.read(workspace.home))
    published, published_to = _delivered_before(workspace.home, batches)
    with duck.reading(warehouse or workspace.home.warehouse, workspace.home.temporary) as connection:
        judged = Judged(
            connection,
            workspace.sources,
            workspace.contracts,
            workspace.portfolio.currency.reporting,
            batches,
            published,
            published_to,
        )
        return judge(judged)


def judge(judged: Judged) -> tuple[CheckResult, ...]:
    """The same on what is open."""
    create_rates(judged)
    if judged.active("invoice_lines"):
        weigh_lines(judged, NOW, judged.now("invoice_lines"))
        if judged.before("invoice_lines"):
            weigh_lines(judged, BEFORE, judged.before("invoice_lines"))
    return (*weight_results(judged), *before_results(judged), *plausibility_results(judged))


def _delivered_before(home: Home, batches: Sequence[LoadedBatch]) -> tuple[frozenset[str], date | None]:
    """The batches and the last date of the newest version, up to the current one, that was made of others than those that count now.

    So a run that repeats a delivery says of it what the first one said. None where there is no such version, or one that cannot be read.
    """
    now = frozenset(batch.entry.batch_id for batch in batches if batch.is_active)
    try:
        current = publishing.current_version(home)
        for number in reversed(layout.numbers(home)):
            if current is None or number > current:
                continue
            made = manifest.read(layout.directory_of(home, number))
            if frozenset(made.batches) != now:
                return (frozenset(made.batches), max(made.as_of_dates)) if made.batches else (frozenset(), None)
    except KundenwertError:
        pass
    return frozenset(), None
