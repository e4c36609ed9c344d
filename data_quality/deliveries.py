"""Judges what was delivered by its weight, against the delivery before, and by what is plausible: one connection, one pass over the lines.

Belongs here: opening, the tables these checks share, their order. Not here: any of the checks (weights, before, plausibility).
"""

from __future__ import annotations

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
from pipelines.publishing import layout, manifest
from pipelines.settings.workspace import Workspace


def check_deliveries(workspace: Workspace, warehouse: Path | None = None) -> tuple[CheckResult, ...]:
    """Every result about the batches that count, in the warehouse whose raw and quarantine views are attached."""
    published, published_to = _behind_current(workspace.home)
    with duck.reading(warehouse or workspace.home.warehouse, workspace.home.temporary) as connection:
        judged = Judged(
            connection,
            workspace.sources,
            workspace.contracts,
            workspace.portfolio.currency.reporting,
            ledger.batches(ledger.read(workspace.home)),
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


def _behind_current(home: Home) -> tuple[frozenset[str], date | None]:
    """The batches the current version was made of and its last date; none where there is no version, or none that can be read."""
    try:
        number = publishing.current_version(home)
        made = None if number is None else manifest.read(layout.directory_of(home, number))
    except KundenwertError:
        return frozenset(), None
    if made is None or not made.batches:
        return frozenset(), None
    return frozenset(made.batches), max(made.as_of_dates)
