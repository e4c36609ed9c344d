"""The one gate: from all check results to "may be published", and why not in plain words.

Belongs here: the decision and its wording, as pure functions. Not here: collecting the results (landing_results,
batches, dbt_results, warehouse_results), acting on the decision (orchestration).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from pipelines.checks import Area, CheckResult, in_order
from pipelines.errors import Problem
from pipelines.settings.sources import Limits

REQUIRED_AREAS: Final[tuple[Area, ...]] = ("landing", "weight", "batch", "dbt", "reconciliation")
"""Areas without any result were not checked; that nothing failed there says nothing."""

_CAUSES_FIRST: Final = (
    *("landing", "quarantine", "weight", "before", "plausible"),
    *("batch", "fx", "dbt", "reconciliation", "gate"),
)
_CODES: Final = {
    "batch": "BATCH_CHECK_FAILED",
    "quarantine": "AMOUNT_UNKNOWN",
    "fx": "FX_MISSING",
    "reconciliation": "RECONCILE_FAIL",
    "gate": "CHECKS_MISSING",
}
_FX_CODES: Final = {"booked_net": "BOOKED_NET_DIFFERS"}
_DBT_CODES: Final = {
    "build": "DBT_MODEL_FAILED",
    "test": "DBT_TEST_FAILED",
    "test_error": "DBT_TEST_ERROR",
    "no_results": "DBT_NO_RESULTS",
}
WAIVABLE: Final = frozenset(("landing", "quarantine", "weight", "before", "plausible", "batch", "fx", "reconciliation"))
"""What is about deliveries. That a check was not made, or the program is wrong, nobody can take responsibility for."""
WAIVED_AS: Final = {"mart_reconciliation": "ledger_totals", "rates": "exchange_rates"}
"""Subjects that are no delivered table -> the table a waiver names."""
SKIPPED: Final = "dbt.skipped"
"""Check id prefix of what dbt did not run because something before it failed."""


@dataclass(frozen=True, slots=True)
class GateDecision:
    """green: nothing blocks. `blocking` are the failed critical results, causes before consequences; `waived` those somebody took
    responsibility for; `warnings` all other failed ones."""

    green: bool
    blocking: tuple[CheckResult, ...]
    warnings: tuple[CheckResult, ...]
    waived: tuple[CheckResult, ...] = ()


def decide(results: Iterable[CheckResult], required_areas: Collection[Area] = REQUIRED_AREAS) -> GateDecision:
    """Green if no critical check failed and every required area has been checked at all."""
    known = in_order(results)
    checked = {result.area for result in known}
    missing = [_not_checked(area) for area in sorted(set(required_areas) - checked)]
    failed = [result for result in (*known, *missing) if not result.passed]
    blocking = sorted(
        (result for result in failed if result.blocks),
        key=lambda result: (result.check_id.startswith(SKIPPED), _CAUSES_FIRST.index(result.area)),
    )
    others = [result for result in failed if not result.blocks]
    return GateDecision(
        not blocking,
        tuple(blocking),
        tuple(result for result in others if not result.is_waived),
        tuple(result for result in others if result.is_waived),
    )


def plain_words(decision: GateDecision) -> tuple[Problem, ...]:
    """What blocks publication, for the person who has to act: code, what, where, next step. Empty if green.

    What dbt skipped as a consequence is one line at the end, not one per model.
    """
    skipped = [result for result in decision.blocking if result.check_id.startswith(SKIPPED)]
    causes = [_problem(result) for result in decision.blocking if result not in skipped]
    if not skipped:
        return tuple(causes)
    some = ", ".join(sorted(result.subject for result in skipped)[:5]) + (", ..." if len(skipped) > 5 else "")
    what = f"{len(skipped)} models and tests were not run because something before them failed: {some}"
    remedy = "correct the problems above and run again" if causes else "see dbt's log in logs/, then run again"
    return (*causes, Problem("DBT_SKIPPED", what, "dbt", remedy))


def ways_out(decision: GateDecision) -> tuple[Problem, ...]:
    """What each way out of a red gate means, where the deliveries are its cause; nothing otherwise."""
    found = [result for result in decision.blocking if result.area in WAIVABLE]
    if not found:
        return ()
    first = found[0]
    scope = f"month: '{first.month}'" if first.month else f"batch: {first.batch_id or 'the one that counts'}"
    table = WAIVED_AS.get(first.subject, first.subject)
    set_aside = any(
        result.area in ("landing", "quarantine") or result.check_id.endswith(".quarantined") for result in found
    )
    limited = any(result.check_id.rsplit(".", 1)[-1] in Limits.model_fields for result in found)
    ways = [
        "correct the source and deliver again: the numbers are right then",
        *(
            [
                "`kundenwert quarantine export`, correct the rows in the sheet, `kundenwert quarantine replay`: the same, before "
                "the source is corrected"
            ]
            if set_aside
            else []
        ),
        f"waive it in config/waivers.yml ({{code: {code_of(first)}, table: {table}, {scope}, who: .., why: .., until: ..}}): it is "
        "published with the fault, and every page says so",
        *(
            ["raise `limits` in config/sources.yml: so much is normal here from now on, and is said as a warning"]
            if limited
            else []
        ),
    ]
    return (Problem("GATE_WAYS", "nothing was published; the version before stays as it is", "", "; or ".join(ways)),)


def waived_words(decision: GateDecision) -> tuple[Problem, ...]:
    """What was published in spite of a fault, and who took responsibility."""
    return tuple(
        Problem(
            problem.code,
            problem.what,
            problem.where,
            f"waived by {result.waived_by} for deliveries until {result.waived_until}: {result.waived_why}",
        )
        for result in decision.waived
        for problem in (_problem(result),)
    )


def summary(decision: GateDecision) -> str:
    """One line for logs: what blocks and what warns, by area."""
    parts = [
        f"{count} {word} in {area}"
        for word, results in (
            ("blocking", decision.blocking),
            ("warnings", decision.warnings),
            ("waived", decision.waived),
        )
        for area, count in sorted(Counter(result.area for result in results).items())
    ]
    return f"{'green' if decision.green else 'red'}: {', '.join(parts) or 'nothing failed'}"


def _problem(result: CheckResult) -> Problem:
    facts = []
    if result.observed is not None:
        facts.append(f"found {result.observed}" + (f", expected {result.limit}" if result.limit is not None else ""))
    if result.rows is not None:
        facts.append(f"{result.rows} rows")
    if result.amount is not None:
        facts.append(f"amount {result.amount}")
    if result.batch_id is not None and result.blocks:
        facts.append(f"batch {result.batch_id}")
    expected = "expected: " if result.area == "batch" else ""
    what = f"{expected}{result.what}" + (f" ({'; '.join(facts)})" if facts else "")
    return Problem(code_of(result), what, result.where or result.subject, result.remedy)


def code_of(result: CheckResult) -> str:
    """Landing keeps the codes of its findings (the last part of the id), dbt says what failed, others have one code of their own or of
    their area. A waiver names it."""
    if result.code is not None:
        return result.code
    if result.area == "landing":
        return result.check_id.rsplit(".", 1)[-1].upper()
    if result.area == "dbt":
        return _DBT_CODES[result.check_id.split(".")[1]]
    if result.area == "quarantine" and result.check_id.endswith(".unreadable"):
        return "VALUE_UNREADABLE"
    if result.area == "fx":
        return _FX_CODES.get(result.check_id.split(".")[1], _CODES["fx"])
    return _CODES[result.area]


def _not_checked(area: Area) -> CheckResult:
    return CheckResult(
        check_id=f"gate.{area}_checked",
        area="gate",
        subject=area,
        severity="critical",
        passed=False,
        what=f"there is no check result of the area {area}: it was not checked",
        where=area,
        remedy="run the whole job: kundenwert run",
    )
