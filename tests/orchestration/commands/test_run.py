"""`kundenwert run`: dates, the summary, exit codes, who holds the home."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration import run
from orchestration.run import RunSummary
from pipelines.errors import ExitCode, GateRedError, Problem
from pipelines.home import Home
from pipelines.landing.control import TableLeftOut
from pipelines.showing.zone_table import ZoneRow
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.test_lock import holder, never_waiting

SUMMARY = RunSummary(
    version=7,
    is_new=True,
    path=Path("/home/published/v000007"),
    as_of=date(2025, 12, 31),
    as_of_dates=(date(2025, 11, 30), date(2025, 12, 31)),
    known_at=datetime(2026, 1, 2, 5, tzinfo=UTC),
    currency="EUR",
    zones=(ZoneRow("protection", 3, Decimal("1234567.80"), Decimal("-5.00"), Decimal("12.5000"), None),),
    warnings=(Problem("landing.orders.late", "orders came late"),),
    left_out=(TableLeftOut("invoice_lines", 1200, 6, 0, Decimal("5.00"), None, Decimal("0.00"), "gross_list_amount"),),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What `run` asks for; answered with SUMMARY."""
    calls: list[object] = []

    def answer(
        workspace: object, period: object, known_at: object, listener: object = None, **flags: bool
    ) -> RunSummary:
        del workspace, listener, flags
        calls.append((period, known_at))
        return SUMMARY

    monkeypatch.setattr(run, "run_portfolio", answer)
    return calls


def test_a_wrong_date_ends_with_a_suggestion_before_anything_is_read(tmp_path: Path) -> None:
    done = kundenwert(tmp_path, "run", "--as-of", "2025-12-30", config=tmp_path)
    assert done.exit_code == ExitCode.USAGE
    assert "AS_OF_NOT_MONTH_END" in done.stderr
    assert "did you mean --as-of 2025-12-31?" in done.stderr
    assert done.stdout == ""


def test_run_hands_over_the_period_and_shows_the_portfolio(tmp_path: Path, asked: list[object]) -> None:
    from orchestration.periods import Period, parse_known_at

    done = kundenwert(tmp_path, "run", "--from", "2025-11", "--to", "2025-12", "--known-at", "2026-01-02T05:00:00")
    assert done.exit_code == 0, done.stderr
    assert asked == [
        (Period(date(2025, 11, 30), date(2025, 12, 31), is_exact=True), parse_known_at("2026-01-02T05:00:00"))
    ]
    assert "Protection" in done.stdout
    assert "1,234,567.80" in done.stdout
    assert "landing.orders.late: orders came late" in done.stdout
    said = (
        "left out  invoice_lines: 1,200 in quarantine (5.00), 6 lost in the mapping's SQL; in brackets gross_list_amount as delivered, "
        "of all months"
    )
    assert said in " ".join(done.stdout.split()).replace("left out invoice", "left out  invoice")
    assert "v000007" in done.stdout
    assert str(tmp_path / "published" / "CURRENT" / "bi") in done.stdout


def test_a_run_as_json_is_one_object_with_exact_amounts(tmp_path: Path, asked: list[object]) -> None:
    facts = json.loads(kundenwert(tmp_path, "run", "--json").stdout)
    assert asked == [(None, None)]
    assert facts["version"] == 7
    assert facts["as_of"] == "2025-12-31"
    assert facts["zones"][0] == {
        "zone": "protection",
        "customers": 3,
        "net_revenue": "1234567.80",
        "contribution": "-5.00",
        "effort_hours": "12.5000",
        "effort_cost": None,
    }


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (GateRedError(Problem("RECONCILE_FAIL", "a cent [red]is[/red] missing")), ExitCode.GATE_RED),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
    ],
)
def test_failures_end_with_their_exit_code_and_are_shown_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: ExitCode
) -> None:
    def failing(*_: object, **__: object) -> RunSummary:
        raise raised

    monkeypatch.setattr(run, "run_portfolio", failing)
    done = kundenwert(tmp_path, "run")
    assert done.exit_code == code
    assert "a cent [red]is[/red] missing" in done.stderr or "INTERRUPTED" in done.stderr


def test_a_second_run_is_told_at_once_who_holds_the_home(tmp_path: Path) -> None:
    with holder(Home.at(tmp_path)) as process, never_waiting():
        done = kundenwert(tmp_path, "run", "--json")
    error = json.loads(done.stderr)
    assert done.exit_code == error["exit_code"] == ExitCode.LOCKED
    assert f"process {process.pid}," in error["problems"][0]["what"]
