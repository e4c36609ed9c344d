"""`kundenwert dbt` on a real small warehouse: rows are shown, tables built, and who may not is told why."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import by_hand, environment, manifest, runner
from pipelines.errors import ExitCode, KundenwertError, LockedError
from pipelines.home import Home
from tests.orchestration import tiny
from tests.pipelines.test_lock import holder

GENERIC, SINGULAR = "unique_mart_customers_customer_id", "nobody_is_called_z"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tiny.project(tmp_path_factory.mktemp("project"))
    (made / "tests").mkdir()
    sql = "select customer_id from {{ ref('mart_customers') }} where customer_id = 'z'"
    (made / "tests" / f"{SINGULAR}.sql").write_text(sql, encoding="utf-8")
    manifest.ensure_manifest(made)
    return made


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Home:
    """A home after a build in which a generic and a singular test failed. Read it only."""
    home = tiny.home(tmp_path_factory.mktemp("red"), customers=("a", "a", "z"))
    assert by_hand.run(home, ["--quiet", "build"], project) == 1
    return home


@contextmanager
def opened_elsewhere(home: Home) -> Iterator[int]:
    """Another process has the warehouse open; its id."""
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(home.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process.pid
        process.communicate("")


def code_of(error: pytest.ExceptionInfo[KundenwertError]) -> str:
    return error.value.problems[0].code


@pytest.mark.parametrize(("name", "row"), [(GENERIC, "| a "), (SINGULAR, "| z ")])
def test_the_rows_a_failed_test_returns_are_shown(
    red: Home, project: Path, name: str, row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by_hand.run(red, ["show", "--select", name, "--limit", "20"], project) == 0
    assert row in capsys.readouterr().out


def test_looking_leaves_what_the_gate_reads(red: Home, project: Path) -> None:
    results = red.dbt_target / runner.RESULTS
    before = results.read_bytes()
    assert by_hand.run(red, ["show", "--select", "mart_count"], project) == 0
    assert results.read_bytes() == before


def test_changing_tables_forgets_what_the_gate_reads(tmp_path: Path, project: Path) -> None:
    home = tiny.home(tmp_path)
    assert by_hand.run(home, ["build"], project) == 0
    assert by_hand.run(home, ["--quiet", "run", "--select", "nothing_is_called_so"], project) == 0
    left = home.dbt_target / runner.RESULTS
    assert not left.exists() or '"mart_count"' not in left.read_text(encoding="utf-8")


def test_a_model_is_built_and_the_warehouse_closed(tmp_path: Path, project: Path) -> None:
    home = tiny.home(tmp_path)
    assert by_hand.run(home, ["build", "--select", "+mart_count"], project) == 0
    with duckdb.connect(str(home.warehouse)) as connection:
        assert connection.execute("select customers from marts.mart_count").fetchall() == [(2,)]
    assert (home.logs / "dbt.log").is_file()


def test_dbts_exit_codes_are_handed_on(red: Home, project: Path) -> None:
    assert by_hand.run(red, ["--quiet", "test", "--select", GENERIC], project) == 1
    assert by_hand.run(red, ["--quiet", "show", "--inline", "select no_column from marts.mart_count"], project) == 2


@pytest.mark.parametrize("arguments", [["show", "--selct", "x"], ["frobnicate"], ["show", "--limit", "many"]])
def test_what_dbt_does_not_know_is_a_usage_error(red: Home, project: Path, arguments: list[str]) -> None:
    with pytest.raises(KundenwertError) as error:
        by_hand.run(red, arguments, project)
    assert code_of(error) == "DBT_USAGE"
    assert error.value.exit_code is ExitCode.USAGE


def test_while_a_run_works_tables_are_not_changed_but_read(red: Home, project: Path) -> None:
    with holder(red):
        with pytest.raises(LockedError):
            by_hand.run(red, ["build"], project)
        assert by_hand.run(red, ["--quiet", "show", "--select", "mart_count"], project) == 0


def test_a_warehouse_open_elsewhere_is_told_with_its_process(red: Home, project: Path) -> None:
    with opened_elsewhere(red) as process, pytest.raises(LockedError, match=f"process {process} ") as error:
        by_hand.run(red, ["show", "--select", "mart_count"], project)
    assert code_of(error) == "WAREHOUSE_IN_USE"


@pytest.mark.parametrize("command", ["show", "build", "compile", "docs"])
def test_before_the_first_run_there_is_nothing_to_work_on(tmp_path: Path, project: Path, command: str) -> None:
    with pytest.raises(KundenwertError) as error:
        by_hand.run(Home.at(tmp_path / "home"), [command], project)
    assert code_of(error) == "NO_WAREHOUSE"
    assert not (tmp_path / "home" / "warehouse.duckdb").exists()


def test_what_needs_no_warehouse_makes_none(tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home.at(tmp_path / "home")
    assert by_hand.run(home, ["ls", "--select", "mart_count", "--resource-type", "model"], project) == 0
    assert "tiny.marts.core.mart_count" in capsys.readouterr().out
    assert not home.warehouse.exists()


def test_a_file_that_is_no_warehouse_is_told(tmp_path: Path, project: Path) -> None:
    home = Home.at(tmp_path).prepare()
    home.warehouse.write_bytes(b"no database")
    with pytest.raises(KundenwertError) as error:
        by_hand.run(home, ["show", "--select", "mart_count"], project)
    assert code_of(error) == "WAREHOUSE_UNREADABLE"


def test_help_is_dbts_own_and_needs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert by_hand.run(Home.at(tmp_path / "none"), ["show", "--help"]) == 0
    assert "--inline" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


def test_the_release_is_told_without_asking_anybody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert by_hand.run(Home.at(tmp_path), ["--version"]) == 0
    assert capsys.readouterr().out.startswith("dbt-core ")


def test_nothing_is_reported_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "true")
    with environment.prepared(tmp_path):
        assert os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "true"


def test_a_dotenv_file_of_the_current_directory_is_not_read(
    red: Home, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text("DBT_QUIET=true\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert by_hand.run(red, ["compile", "--select", "mart_count"], project) == 0
    assert "Running with dbt" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["show", "--select", "build"], "show"),
        (["--target", "duckdb", "--quiet", "build"], "build"),
        (["docs", "generate"], "docs"),
        (["--help"], ""),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_the_command_is_found_among_dbts_options(arguments: list[str], command: str) -> None:
    assert by_hand.named(arguments) == command
