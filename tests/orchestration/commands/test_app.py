"""The command line as people and scripts meet it: help, exit codes, errors, JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from orchestration import run
from orchestration.commands.app import app
from orchestration.dagster import web_ui
from orchestration.run import RunSummary
from pipelines import lock
from pipelines.errors import ExitCode, GateRedError, Problem
from pipelines.home import Home
from pipelines.showing.zone_table import ZoneRow
from tests.pipelines.test_lock import holder

GOLDEN = Path(__file__).parents[2] / "golden" / "config"


def kundenwert(home: Path, *arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["--config", str(GOLDEN), "--home", str(home), *arguments])


SUMMARY = RunSummary(
    version=7,
    path=Path("/home/published/v000007"),
    as_of=date(2025, 12, 31),
    as_of_dates=(date(2025, 11, 30), date(2025, 12, 31)),
    known_at=datetime(2026, 1, 2, 5, tzinfo=UTC),
    currency="EUR",
    zones=(ZoneRow("protection", 3, Decimal("1234567.80"), Decimal("-5.00"), Decimal("12.5000"), None),),
    warnings=(Problem("landing.orders.late", "orders came late"),),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What `run` asks for; answered with SUMMARY."""
    calls: list[object] = []

    def answer(workspace: object, period: object, known_at: object, listener: object = None) -> RunSummary:
        del workspace, listener
        calls.append((period, known_at))
        return SUMMARY

    monkeypatch.setattr(run, "run_portfolio", answer)
    return calls


def test_help_imports_nothing_slow_and_tells_examples_and_exit_codes() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "orchestration.commands.app", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert "Exit codes: 0 done" in " ".join(done.stdout.split())
    assert "kundenwert run" in done.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    slow = {"dagster", "dbt", "duckdb", "pyarrow", "pandas", "great_expectations", "pydantic", "yaml", "sqlalchemy"}
    assert not imported & slow


def test_every_exit_code_is_in_the_help() -> None:
    text = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["--help"]).stdout
    for code in ExitCode:
        assert f"{int(code)} " in text, code


@pytest.mark.parametrize(
    "command", ["demo", "check", "run", "explain", "what-if", "versions", "verify", "rollback", "ui"]
)
def test_every_command_has_an_example(command: str) -> None:
    done = CliRunner(env={"COLUMNS": "200"}).invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert "Example" in done.stdout


def test_the_release_is_told() -> None:
    from importlib import metadata

    assert CliRunner().invoke(app, ["--version"]).stdout.strip() == f"kundenwert {metadata.version('kundenwert')}"


def test_a_wrong_date_ends_with_a_suggestion_before_anything_is_read(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--config", str(tmp_path), "--home", str(tmp_path), "run", "--as-of", "2025-12-30"])
    assert done.exit_code == ExitCode.USAGE
    assert "AS_OF_NOT_MONTH_END" in done.stderr
    assert "did you mean --as-of 2025-12-31?" in done.stderr
    assert done.stdout == ""


def test_all_configuration_problems_are_told_at_once(tmp_path: Path) -> None:
    for name in ("sources.yml", "portfolio.yml"):
        (tmp_path / name).write_text("version: 2\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["--config", str(tmp_path), "--home", str(tmp_path / "home"), "check"])
    assert done.exit_code == ExitCode.CONFIG
    assert "sources.yml:1" in done.stderr
    assert "portfolio.yml:1" in done.stderr


def test_errors_are_json_where_json_is_asked_for(tmp_path: Path) -> None:
    done = kundenwert(tmp_path, "run", "--as-of", "2025-12-30", "--json")
    error = json.loads(done.stderr)
    assert error["exit_code"] == done.exit_code == ExitCode.USAGE
    assert error["problems"][0]["code"] == "AS_OF_NOT_MONTH_END"
    assert set(error["problems"][0]) == {"code", "what", "where", "remedy"}


def test_run_hands_over_the_period_and_shows_the_portfolio(tmp_path: Path, asked: list[object]) -> None:
    from orchestration.periods import Period, parse_known_at

    done = kundenwert(tmp_path, "run", "--from", "2025-11", "--to", "2025-12", "--known-at", "2026-01-02T05:00:00")
    assert done.exit_code == 0, done.stderr
    assert asked == [(Period(date(2025, 11, 30), date(2025, 12, 31)), parse_known_at("2026-01-02T05:00:00"))]
    assert "Protection" in done.stdout
    assert "1,234,567.80" in done.stdout
    assert "landing.orders.late: orders came late" in done.stdout
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
        "contribution_4": "-5.00",
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
    def failing(*_: object) -> RunSummary:
        raise raised

    monkeypatch.setattr(run, "run_portfolio", failing)
    done = kundenwert(tmp_path, "run")
    assert done.exit_code == code
    assert "a cent [red]is[/red] missing" in done.stderr or "INTERRUPTED" in done.stderr


def test_a_home_in_use_refuses_rollback(tmp_path: Path) -> None:
    with lock.held(Home.at(tmp_path)):
        done = CliRunner().invoke(app, ["--home", str(tmp_path), "rollback", "v1"])
    # The lock belongs to this very process here, which is as good as another's: nobody else may take it.
    assert done.exit_code == ExitCode.LOCKED
    assert "LOCKED" in done.stderr


def test_a_second_run_is_told_at_once_who_holds_the_home(tmp_path: Path) -> None:
    with holder(Home.at(tmp_path)) as process:
        started = time.monotonic()
        done = kundenwert(tmp_path, "run", "--json")
        assert time.monotonic() - started < 5
    error = json.loads(done.stderr)
    assert done.exit_code == error["exit_code"] == ExitCode.LOCKED
    assert f"process {process.pid}," in error["problems"][0]["what"]


def test_an_empty_home_has_no_versions_and_nothing_to_verify(tmp_path: Path) -> None:
    assert "Nothing is published yet" in kundenwert(tmp_path, "versions").stdout
    assert json.loads(kundenwert(tmp_path, "versions", "--json").stdout) == []
    verified = kundenwert(tmp_path, "verify")
    assert verified.exit_code == ExitCode.VERIFY_FAILED
    assert "NOTHING_PUBLISHED" in verified.stderr


def test_a_version_that_is_no_version_is_a_usage_error(tmp_path: Path) -> None:
    assert kundenwert(tmp_path, "verify", "latest").exit_code == ExitCode.USAGE


def test_check_lists_tables_and_what_is_not_mapped(tmp_path: Path) -> None:
    done = kundenwert(tmp_path, "check", "--json")
    assert done.exit_code == 0, done.stderr
    facts = json.loads(done.stdout)
    assert "invoice_lines" in {table["table"] for table in facts["tables"]}
    assert set(facts["unmapped"]).isdisjoint(table["table"] for table in facts["tables"])


def test_a_demo_out_of_range_is_refused(tmp_path: Path) -> None:
    done = kundenwert(tmp_path, "demo", "--out", str(tmp_path / "demo"), "--months", "0")
    assert done.exit_code == ExitCode.CONFIG
    assert "DEMO_RANGE" in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])  # noqa: S104 - these are what is refused
def test_the_web_ui_is_offered_on_this_machine_only(tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise AssertionError("started")

    monkeypatch.setattr(web_ui, "serve", refuse)
    done = kundenwert(tmp_path, "ui", "--host", host)
    assert done.exit_code == ExitCode.CONFIG
    assert "HOST_REFUSED" in done.stderr


def test_the_web_ui_listens_on_the_loopback_address() -> None:
    arguments = web_ui.arguments(Home.at("/home"), 3001)
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--port") + 1] == "3001"
