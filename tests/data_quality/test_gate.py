"""The gate as a table of cases, and what it tells people."""

from __future__ import annotations

from decimal import Decimal

import pytest

from data_quality.gate import REQUIRED_AREAS, decide, plain_words, summary
from pipelines.checks import Area, CheckResult


def result(
    area: Area, check_id: str, *, passed: bool = True, severity: str = "critical", **more: object
) -> CheckResult:
    fields = {"area": area, "check_id": check_id, "subject": "t", "severity": severity, "passed": passed, "what": "w"}
    return CheckResult.model_validate(fields | more)


ALL_WELL = (
    result("landing", "landing.orders.file_quarantined"),
    result("weight", "weight.orders.quarantined"),
    result("batch", "batch.orders.has_rows"),
    result("dbt", "dbt.build.mart_portfolio"),
    result("reconciliation", "reconciliation.periods"),
)


@pytest.mark.parametrize(
    ("more", "green", "blocking", "warnings"),
    [
        ((), True, [], []),
        ((result("batch", "batch.a.x", passed=False, severity="warning"),), True, [], ["batch.a.x"]),
        ((result("batch", "batch.a.x", passed=False, severity="info"),), True, [], ["batch.a.x"]),
        ((result("batch", "batch.a.x", passed=False),), False, ["batch.a.x"], []),
        ((result("dbt", "dbt.test.t", passed=False),), False, ["dbt.test.t"], []),
        (
            (result("reconciliation", "reconciliation.difference", passed=False),),
            False,
            ["reconciliation.difference"],
            [],
        ),
        ((result("fx", "fx.missing", passed=False),), False, ["fx.missing"], []),
        (
            (result("quarantine", "quarantine.a.amount_unknown", passed=False),),
            False,
            ["quarantine.a.amount_unknown"],
            [],
        ),
        (
            (
                result("dbt", "dbt.skipped.m", passed=False),
                result("reconciliation", "reconciliation.difference", passed=False),
                result("dbt", "dbt.build.m", passed=False),
                result("landing", "landing.orders.encoding", passed=False),
                result("batch", "batch.a.w", passed=False, severity="warning"),
            ),
            False,
            ["landing.orders.encoding", "dbt.build.m", "reconciliation.difference", "dbt.skipped.m"],
            ["batch.a.w"],
        ),
    ],
    ids=lambda value: None,
)
def test_decisions(more: tuple[CheckResult, ...], green: bool, blocking: list[str], warnings: list[str]) -> None:
    decision = decide((*more, *ALL_WELL))
    assert decision.green is green
    assert [each.check_id for each in decision.blocking] == blocking
    assert [each.check_id for each in decision.warnings] == warnings
    assert bool(plain_words(decision)) is not green


@pytest.mark.parametrize("area", REQUIRED_AREAS)
def test_an_area_that_was_not_checked_blocks(area: Area) -> None:
    decision = decide(each for each in ALL_WELL if each.area != area)
    assert [each.check_id for each in decision.blocking] == [f"gate.{area}_checked"]
    (problem,) = plain_words(decision)
    assert problem.code == "CHECKS_MISSING" and area in problem.what and problem.remedy


def test_nothing_at_all_is_red_unless_nothing_is_required() -> None:
    assert not decide(()).green
    assert decide((), required_areas=()).green


def test_the_order_of_the_results_does_not_matter() -> None:
    failed = [result("batch", f"batch.a.x{n}", passed=False, rows=n) for n in range(9)]
    assert decide((*failed, *ALL_WELL)) == decide((*ALL_WELL, *reversed(failed)))


@pytest.mark.parametrize(
    ("found", "code", "what"),
    [
        (
            result(
                "reconciliation",
                "reconciliation.difference",
                passed=False,
                what="cogs of 2025-03 differs from the ledger",
                where="period 2025-03, account group cogs",
                remedy="compare",
                observed="0.01",
                limit="0.00",
                amount=Decimal("0.01"),
            ),
            "RECONCILE_FAIL",
            "cogs of 2025-03 differs from the ledger (found 0.01, expected 0.00; amount 0.01)",
        ),
        (
            result("batch", "batch.orders.key_unique", passed=False, what="(order_id) is unique", rows=2, remedy="r"),
            "BATCH_CHECK_FAILED",
            "expected: (order_id) is unique (2 rows)",
        ),
        (result("landing", "landing.orders.header_mismatch", passed=False, remedy="r"), "HEADER_MISMATCH", "w"),
        (result("dbt", "dbt.test.unique_x", passed=False, remedy="r"), "DBT_TEST_FAILED", "w"),
        (result("dbt", "dbt.test_error.unique_x", passed=False, remedy="r"), "DBT_TEST_ERROR", "w"),
        (result("dbt", "dbt.build.m", passed=False, remedy="r"), "DBT_MODEL_FAILED", "w"),
        (result("dbt", "dbt.no_results", passed=False, remedy="r"), "DBT_NO_RESULTS", "w"),
        (result("fx", "fx.missing", passed=False, remedy="r"), "FX_MISSING", "w"),
        (result("quarantine", "quarantine.a.amount_unknown", passed=False, remedy="r"), "AMOUNT_UNKNOWN", "w"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else None,
)
def test_plain_words(found: CheckResult, code: str, what: str) -> None:
    (problem,) = plain_words(decide((found, *ALL_WELL)))
    assert (problem.code, problem.what) == (code, what)
    assert problem.where == (found.where or "t")
    assert problem.remedy == found.remedy


def test_what_dbt_skipped_is_one_line_at_the_end() -> None:
    skipped = [result("dbt", f"dbt.skipped.m{n}", passed=False, subject=f"m{n}") for n in range(7)]
    problems = plain_words(decide((*skipped, result("dbt", "dbt.build.m", passed=False), *ALL_WELL)))
    assert [problem.code for problem in problems] == ["DBT_MODEL_FAILED", "DBT_SKIPPED"]
    assert problems[-1].what.startswith("7 models and tests were not run") and "m4, ..." in problems[-1].what
    assert "above" in problems[-1].remedy
    (alone,) = plain_words(decide((*skipped, *ALL_WELL)))
    assert alone.code == "DBT_SKIPPED" and "log" in alone.remedy


def test_summary() -> None:
    assert summary(decide(ALL_WELL)) == "green: nothing failed"
    red = decide(
        (
            *ALL_WELL,
            result("fx", "fx.missing", passed=False),
            result("dbt", "dbt.test.a", passed=False, severity="warning"),
        )
    )
    assert summary(red) == "red: 1 blocking in fx, 1 warnings in dbt"
