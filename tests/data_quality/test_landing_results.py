"""Landing's outcomes and ledger as check results."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from data_quality.landing_results import landing_results
from pipelines.errors import Problem
from pipelines.landing.findings import Finding
from pipelines.landing.land import LandingOutcome, Status
from pipelines.landing.ledger import LedgerEntry, LoadedBatch


def outcome(status: Status, *problems: Finding) -> LandingOutcome:
    return LandingOutcome("orders", status, (), 0, 0, 0, 0, problems)


def batch(
    rows_in: int, accepted: int, quarantined: int, filtered: int, lost: int | None = None, *, active: bool = True
) -> LoadedBatch:
    entry = LedgerEntry(
        sequence=1,
        batch_id="b1",
        content_id="c1",
        table="orders",
        domain="erp",
        mode="full",
        delivery="",
        day=date(2026, 1, 1),
        delivered_at=datetime(2026, 1, 1),  # noqa: DTZ001 - the ledger keeps UTC without a zone
        landed_at=datetime(2026, 1, 1),  # noqa: DTZ001
        is_reactivation=False,
        files=(),
        rows_in=rows_in,
        rows_accepted=accepted,
        rows_quarantined=quarantined,
        rows_filtered=filtered,
        rows_lost_in_mapping=lost,
        rows_duplicate_exact=0,
        amounts={},
        quarantined_by_reason={},
        data_from=None,
        data_to=None,
        messages=(),
        pseudonym_key_id=None,
    )
    return LoadedBatch(entry, True, None if active else entry.delivered_at)


@pytest.mark.parametrize("status", ["loaded", "duplicate", "absent", "reactivated"])
def test_a_landed_table_passes(status: Status) -> None:
    (result,) = landing_results([outcome(status)])
    seen = "absent" if status == "absent" else "read"
    assert (result.passed, result.subject, result.observed) == (True, "orders", seen), "new or known must look the same"


def test_a_refused_file_blocks_with_its_finding() -> None:
    finding = Finding("critical", Problem("ENCODING", "byte 7 is not UTF-8", "orders.csv:3", "declare it"))
    refused, found = landing_results([outcome("file_quarantined", finding)])
    assert refused.blocks and refused.check_id == "landing.orders.file_quarantined" and refused.remedy
    assert found.blocks and found.check_id == "landing.orders.encoding"
    assert (found.what, found.where, found.remedy) == ("byte 7 is not UTF-8", "orders.csv:3", "declare it")


def test_findings_keep_severity_rows_and_amount() -> None:
    finding = Finding("warning", Problem("NULL_REQUIRED", "x", "orders.csv:3", "y"), 3, Decimal("12.50"))
    _, found = landing_results([outcome("loaded", finding, finding)])
    assert (found.severity, found.passed, found.rows, found.amount) == ("warning", False, 3, Decimal("12.50"))


@pytest.mark.parametrize(
    ("counts", "passed"),
    [
        ((10, 9, 1, 0), True),
        ((10, 8, 1, 1), True),
        ((10, 9, 2, -1), False),
        ((10, 8, 1, 0), False),
        ((10, 9, 2, 0), False),
        ((10, 7, 1, 1, 1), True),
        ((10, 7, 1, 1, 2), False),
    ],
)
def test_rows_in_equal_rows_out(counts: tuple[int, ...], passed: bool) -> None:
    (result,) = landing_results([], [batch(*counts)])
    assert result.passed is passed and result.severity == "critical"


def test_superseded_batches_are_not_judged() -> None:
    assert landing_results([], [batch(10, 1, 0, 0, active=False)]) == ()
