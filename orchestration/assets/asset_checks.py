"""Check results as Dagster's asset checks: one per subject and kind, not one per result.

Belongs here: what the checks of raw tables, batches and the gate are called and how many results become one verdict. Not here: the
results (data_quality, pipelines.checks), dbt's tests (orchestration.dbt.assets).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, get_args

import dagster as dg

from orchestration.assets.shared import BATCH_QUALITY, GATE
from pipelines.checks import Area, CheckResult, in_order
from pipelines.vocabulary import Voice

if TYPE_CHECKING:
    from pipelines.watching.state import Source

LANDING: Final = "landing"
FRESHNESS: Final = "delivered_in_time"
MOST_FINDINGS: Final = 5
"""So many findings are shown with a check; all of them are in the published table check_results."""

_RULES: Final[dict[Area, str]] = {
    "landing": "Deliveries were read as declared, and every row is accounted for.",
    "quarantine": "Nothing with an amount was set aside without being known.",
    "weight": "Rows and amounts are what earlier deliveries weighed.",
    "before": "What was delivered before is still there.",
    "plausible": "Values are plausible.",
    "batch": "Each batch as a whole holds what its contract promises.",
    "dbt": "Every model was built and every test of relations and sums holds.",
    "reconciliation": "The ledger and the marts agree, month by month.",
    "fx": "Every foreign amount has an exchange rate.",
    "gate": "Everything that has to be checked was checked; no waiver has run out.",
}


def landing_spec(table: dg.AssetKey) -> dg.AssetCheckSpec:
    """The check of a raw table: what landing said of its deliveries."""
    told = "Its deliveries were read as declared. Not blocking by itself: the gate decides."
    return dg.AssetCheckSpec(LANDING, asset=table, description=told)


def freshness_spec(table: dg.AssetKey) -> dg.AssetCheckSpec:
    """The check of a raw table that its newest delivery is not older than agreed."""
    told = (
        "Its newest delivery is not older than max_age_days of sources.yml, by the clock of the evaluation. Warns only."
    )
    return dg.AssetCheckSpec(FRESHNESS, asset=table, description=told)


def freshness(asset: dg.AssetKey, source: Source) -> dg.AssetCheckResult:
    """Whether a source is as fresh as agreed, by the rule of `kundenwert status`: by its delivery, whenever the asset was materialized."""
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=FRESHNESS,
        passed=not source.is_stale,
        severity=dg.AssetCheckSeverity.WARN,
        description=_age(source),
        metadata={
            "delivered_at": None if source.delivered_at is None else dg.MetadataValue.timestamp(source.delivered_at),
            "age_days": source.age_days,
            "max_age_days": source.max_age_days,
            "stale_from": None if source.stale_from is None else source.stale_from.isoformat(),
        },
    )


def _age(source: Source) -> str:
    if source.age_days is None:
        return "It was never delivered."
    if source.max_age_days is None:
        return f"The newest delivery is {source.age_days} days old; no age is agreed."
    facts = {"table": source.table, "days": source.age_days, "limit": source.max_age_days}
    return Voice("en").say("doctor.source_stale", **facts)


def reported(result: dg.AssetCheckResult) -> dg.AssetCheckEvaluation:
    """A verdict as an event of its own, for where no step of its asset runs."""
    assert result.asset_key is not None and result.check_name is not None  # noqa: S101 - of `freshness`
    return dg.AssetCheckEvaluation(
        asset_key=result.asset_key,
        check_name=result.check_name,
        passed=result.passed,
        metadata=result.metadata,
        severity=result.severity,
        description=result.description,
    )


def batch_specs(tables: Iterable[str]) -> list[dg.AssetCheckSpec]:
    """The checks of the asset batch_quality, one per raw table: Great Expectations, weights, plausibility, what was before."""
    return [
        dg.AssetCheckSpec(table, asset=BATCH_QUALITY, description=f"The batches of {table} as a whole.")
        for table in tables
    ]


def gate_specs() -> list[dg.AssetCheckSpec]:
    """The checks of the gate, one per rule. They block: nothing is published after a failed one of severity ERROR."""
    return [dg.AssetCheckSpec(area, asset=GATE, description=_RULES[area], blocking=True) for area in get_args(Area)]


def by_area(results: Sequence[CheckResult]) -> list[dg.AssetCheckResult]:
    """The gate's verdicts, rule by rule."""
    return [verdict(GATE, area, [result for result in results if result.area == area]) for area in get_args(Area)]


def by_table(tables: Iterable[str], results: Sequence[CheckResult]) -> list[dg.AssetCheckResult]:
    """The verdicts on the batches, table by table."""
    return [
        verdict(BATCH_QUALITY, table, [result for result in results if result.subject == table]) for table in tables
    ]


def verdict(asset: dg.AssetKey, name: str, results: Iterable[CheckResult]) -> dg.AssetCheckResult:
    """Many results as one: failed if any but an info failed, ERROR if one of those blocks."""
    known = in_order(results)
    failed = [result for result in known if not result.passed and result.severity != "info"]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if any(each.blocks for each in failed) else dg.AssetCheckSeverity.WARN,
        description=f"{failed[0].what} ({failed[0].where or failed[0].subject})" if failed else None,
        metadata=_counts(known, failed),
    )


def _counts(known: Sequence[CheckResult], failed: Sequence[CheckResult]) -> dict[str, int | list[str]]:
    counts: dict[str, int | list[str]] = {
        "checks": len(known),
        "failed_critical": sum(each.severity == "critical" for each in failed),
        "failed_warning": sum(each.severity == "warning" for each in failed),
        "waived": sum(each.is_waived for each in failed),
        "affected_rows": sum(each.rows or 0 for each in failed),
    }
    if failed:
        counts["findings"] = [
            f"{each.severity}: {each.what} ({each.where or each.subject})" for each in failed[:MOST_FINDINGS]
        ]
    return counts
