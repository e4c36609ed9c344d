"""What landing found, as check results. Not here: finding it (pipelines.landing), deciding (gate)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from pipelines.checks import CheckResult
from pipelines.landing.findings import Finding
from pipelines.landing.ledger import LoadedBatch


class Outcome(Protocol):
    """What is read of a landing outcome (pipelines.landing.land.LandingOutcome)."""

    @property
    def table(self) -> str:
        """The raw table."""
        ...

    @property
    def status(self) -> str:
        """loaded, duplicate, absent, reactivated or file_quarantined."""
        ...

    @property
    def problems(self) -> Sequence[Finding]:
        """What was found in this run."""
        ...


def landing_results(outcomes: Iterable[Outcome], batches: Iterable[LoadedBatch] = ()) -> tuple[CheckResult, ...]:
    """One result per table (landed, balance of rows) and one per finding.

    `batches` are the ledger's (pipelines.landing.ledger.batches): what was found when a batch was landed still holds in
    a run that lands nothing new; rows in = accepted + quarantined + filtered + lost in the mapping is checked for every batch that counts.
    """
    results: dict[CheckResult, None] = {}
    for outcome in outcomes:
        results[_landed(outcome)] = None
        for finding in outcome.problems:
            results[_found(outcome.table, finding)] = None
    for batch in batches:
        if batch.is_active:
            results[_balance(batch)] = None
            for finding in batch.entry.findings:
                results[_found(batch.entry.table, finding, batch.entry.batch_id)] = None
    return tuple(results)


def said_once(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results without those that say of no batch what another says of a named one: a run repeats what the ledger holds."""
    found = tuple(results)
    named = {result.model_copy(update={"batch_id": None}) for result in found if result.batch_id is not None}
    return tuple(result for result in found if result.batch_id is not None or result not in named)


def _landed(outcome: Outcome) -> CheckResult:
    # Whether a delivery that could be read is new or known is not said: the same data must give the same results.
    observed = {"file_quarantined": "refused", "absent": "absent"}.get(outcome.status, "read")
    is_rejected = observed == "refused"
    what = "its delivery was not landed, the data before it stay" if is_rejected else f"its delivery: {observed}"
    return CheckResult(
        check_id=f"landing.{outcome.table}.file_quarantined",
        area="landing",
        subject=outcome.table,
        severity="critical",
        passed=not is_rejected,
        what=f"{outcome.table}: {what}",
        where=outcome.table,
        remedy="see the findings about its file, then deliver it again" if is_rejected else "",
        observed=observed,
    )


def _balance(batch: LoadedBatch) -> CheckResult:
    entry = batch.entry
    parts = (entry.rows_accepted, entry.rows_quarantined, entry.rows_filtered, entry.rows_lost_in_mapping or 0)
    passed = entry.rows_in == sum(parts) and min(parts) >= 0
    return CheckResult(
        check_id=f"landing.{entry.table}.rows_lost",
        area="landing",
        subject=entry.table,
        severity="critical",
        passed=passed,
        what="rows in = accepted + quarantined + filtered by the mapping + lost in it",
        where=f"{entry.table}, batch {entry.batch_id}",
        remedy="" if passed else "report this as a defect, with the run's log; the originals are kept",
        observed=" + ".join(str(part) for part in parts),
        limit=str(entry.rows_in),
    )


def _found(table: str, finding: Finding, batch_id: str | None = None) -> CheckResult:
    problem = finding.problem
    return CheckResult(
        check_id=f"landing.{table}.{problem.code.lower()}",
        area="landing",
        subject=table,
        severity=finding.severity,
        passed=False,
        what=problem.what,
        where=problem.where or table,
        remedy=problem.remedy,
        rows=finding.rows,
        amount=finding.amount,
        batch_id=batch_id,
    )
