"""The demo through the landing: everything is read as mapped, and exactly the broken records are put aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.demo import write_demo
from pipelines.home import Home
from pipelines.landing.land import land_table
from pipelines.settings.workspace import open_workspace

CONFIG = Path(__file__).parents[3] / "config"

REJECTED = {
    "accounts": {"NULL_REQUIRED"},
    "activities": {"DATE_FORMAT", "DATE_INVALID", "DUP_EXACT", "FIELD_COUNT", "NULL_REQUIRED", "NUM_FORMAT"},
    "contacts": {"DUP_CONFLICT", "NUM_RANGE", "VALUE_NOT_ALLOWED"},
    "customers": {"NULL_REQUIRED", "NUM_FORMAT", "VALUE_NOT_ALLOWED"},
    "invoice_lines": {"DUP_EXACT", "NULL_REQUIRED", "NUM_FORMAT", "VALUE_NOT_ALLOWED"},
    "open_items": {"DATE_FORMAT", "DUP_EXACT", "NULL_REQUIRED", "TYPE"},
    "opportunities": {"TYPE"},
    "orders": {
        *("DATE_FORMAT", "DATE_INVALID", "DUP_EXACT", "FIELD_COUNT", "NULL_REQUIRED", "NUM_FORMAT"),
        "VALUE_NOT_ALLOWED",
    },
    "potential_estimates": {"NUM_RANGE", "VALUE_NOT_ALLOWED"},
    "products": {"VALUE_NOT_ALLOWED"},
    "ratings": {"DUP_EXACT", "NUM_FORMAT", "NUM_RANGE", "NUM_SCALE"},
    "zone_overrides": {"VALUE_NOT_ALLOWED"},
}
"""Reason codes per table; what is not listed has no broken record."""


@pytest.mark.parametrize("customers", [10, 60])
def test_landing_rejects_the_broken_records_only(
    customers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From ten customers on no table is refused as a whole; from fifty on every kind of broken record is there."""
    monkeypatch.setenv("KUNDENWERT_PSEUDONYM_KEY", "a key for this test only, of sufficient length")
    write_demo(tmp_path / "demo", customers=customers, months=14)
    config = tmp_path / "config"
    config.mkdir()
    for name in ("sources.yml", "portfolio.yml"):
        text = (CONFIG / name).read_text(encoding="utf-8")
        (config / name).write_text(text.replace("root: ../var/demo", "root: ../demo"), encoding="utf-8")
    workspace = open_workspace(config, Home.at(tmp_path / "home").prepare())
    outcomes = {table: land_table(workspace, table) for table in workspace.contracts}
    found = {table: {finding.problem.code for finding in outcome.problems} for table, outcome in outcomes.items()}
    assert {outcome.status for outcome in outcomes.values()} == {"loaded"}
    assert not [
        finding for outcome in outcomes.values() for finding in outcome.problems if finding.severity == "critical"
    ]
    if customers >= 50:
        assert {table: codes for table, codes in found.items() if codes} == REJECTED
    else:
        assert all(codes <= REJECTED.get(table, set()) for table, codes in found.items())
