"""`kundenwert prune`: tells and removes what does not stay, and nothing else."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import pytest
import sqlalchemy as sa

from orchestration.assets import housekeeping
from orchestration.assets.resource import RunResource
from orchestration.dagster import instance
from pipelines import lock, steps
from pipelines.errors import ExitCode
from pipelines.home import Home
from pipelines.publishing import layout, publish, verify
from tests.forks import forked
from tests.orchestration.commands.command_line import GOLDEN, kundenwert
from tests.pipelines.publishing.samples import FACTS, fill, published_tables
from tests.pipelines.sources.postgres import PASSWORD, USER, server

LONG_AGO = datetime(2025, 12, 2, 6, tzinfo=UTC)


@dg.op
def judged() -> None:
    said = dg.AssetCheckEvaluation(asset_key=dg.AssetKey("orders"), check_name="are_there", passed=True, metadata={})
    dg.OpExecutionContext.get().log_event(said)  # type: ignore[arg-type]  # it takes them all the same


@dg.job(tags={"who": "a test"})
def empty() -> None:
    judged()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Two versions of long ago, a run of Dagster, a long step log, what a dead process left, and evidence."""
    home = Home.at(tmp_path / "home")
    fill(home, rows=20)
    for days in range(2):
        facts = FACTS.model_copy(
            update={"known_at": LONG_AGO + timedelta(days=days), "as_of_dates": (date(2025, 11, 30),)}
        )
        publish(home, published_tables(home), facts, published_at=LONG_AGO + timedelta(days=days))
    (home.logs / steps.LOG).write_text("x" * (steps.MOST_BYTES + 1))
    (home.temporary / "what-if-999999999").mkdir()
    (home.temporary / f"what-if-{os.getppid()}").mkdir()
    (home.originals / "delivered").write_text("kept")
    (home.ledger / "1.txt").write_text("kept")
    (home.published / "asked" / "2025-11-30_20251202T060000Z").mkdir(parents=True)
    return home


def test_it_tells_then_removes_and_evidence_stays(home: Home) -> None:
    told = kundenwert(home.root, "prune", "--dry-run")
    assert told.exit_code == 0, told.output
    assert "would go: v000001" in told.stdout and "v000002" not in told.stdout
    assert "known at 2 Dec 2025" in told.stdout and "they are evidence" in told.stdout
    german = kundenwert(home.root, "prune", "--dry-run", "--language", "de").stdout.splitlines()
    assert german[:2] == [
        "würde entfernt: v000001, veröffentlicht 02.12.2025, 06:00 UTC, Stichtag 30.11.2025",
        "keine verbleibende Version hätte dann genau den Erkenntnisstand 02.12.2025, 06:00 UTC",
    ]
    assert german[-1].endswith("Sie sind die Belege.") and len(german) == len(told.stdout.splitlines())
    assert layout.numbers(home) == (1, 2) and (home.temporary / "what-if-999999999").exists()
    done = json.loads(kundenwert(home.root, "prune", "--json").stdout)
    assert [version["number"] for version in done["versions"]["versions"]] == [1]
    assert done["leftovers"] == ["what-if-999999999"] and done["is_log_begun_anew"] and done["bytes"] > 0
    assert layout.numbers(home) == (2,) and layout.pointed_number(home) == 2
    assert (home.logs / steps.LOG).stat().st_size < steps.MOST_BYTES < (home.logs / steps.FORMER).stat().st_size
    assert (home.temporary / f"what-if-{os.getppid()}").exists(), "a process that lives works there"
    assert (home.originals / "delivered").read_text() == (home.ledger / "1.txt").read_text() == "kept"
    assert list((home.published / "asked").iterdir()), "answers stay until somebody removes them"
    nothing_more = json.loads(kundenwert(home.root, "prune", "--json").stdout)
    assert nothing_more["versions"]["versions"] == [] and nothing_more["bytes"] == 0
    with lock.held(home):
        assert kundenwert(home.root, "prune").exit_code == ExitCode.LOCKED


@pytest.mark.parametrize("point", ["prune", "prune:late"])
def test_killed_within_it_the_version_stands_and_the_next_one_gets_through(home: Home, point: str) -> None:
    killed = forked(_prune, home, environment={steps.KILL_AT: point})
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert layout.pointed_number(home) == 2 and verify(home)
    assert kundenwert(home.root, "prune", "--json").exit_code == 0
    assert layout.numbers(home) == (2,) and not (home.temporary / "what-if-999999999").exists()


def _prune(home: Home) -> None:
    kundenwert(home.root, "prune")


def test_a_run_prunes_once_when_it_ends(home: Home) -> None:
    @dg.op
    def published(run: RunResource) -> None:
        publish(run.home, published_tables(run.home), FACTS)
        assert layout.numbers(run.home) == (1, 2, 3), "nothing goes while it works"

    @dg.job(resource_defs={"run": RunResource(config_dir=str(GOLDEN), home_dir=str(home.root), dbt_project_dir="")})
    def run() -> None:
        published()

    with instance.opened(home) as dagster:
        assert run.execute_in_process(instance=dagster).success
    assert layout.numbers(home) == (2, 3), "the newest of its month end, and the new one"
    said = [json.loads(line) for line in (home.logs / steps.LOG).read_text(encoding="utf-8").splitlines()]
    assert [each["event"] for each in said if "prune" in each["step"]] == ["begin", "end"]


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.needs("postgresql"))])
def history(request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Dagster's history there; where its tables are asked for, as a URL."""
    if request.param == "SQLite":
        monkeypatch.delenv(instance.STORAGE, raising=False)
        yield ""
        return
    with server() as address:
        url = f"postgresql://{USER}:{quote(PASSWORD, safe='')}@{address}/postgres"
        monkeypatch.setenv(instance.STORAGE, url)
        yield url


def test_old_runs_leave_dagsters_history_with_all_that_names_them(home: Home, history: str) -> None:
    with instance.opened(home) as dagster:
        old = empty.execute_in_process(instance=dagster).run_id
        between = datetime.now(UTC)
        young = empty.execute_in_process(instance=dagster).run_id
        files = home.dagster / "history" / "runs"
        runs, size = housekeeping.forget_runs(home, dagster, between, is_dry_run=True)
        assert runs == 1 and dagster.get_run_by_id(old) is not None
        if not history:
            assert {f"{old}.db", f"{young}.db"} <= {path.name for path in files.iterdir()} and size > 0
        assert "asset_check_executions" in _tables_that_name(home, history, old)
        assert housekeeping.forget_runs(home, dagster, between) == (1, size)
        assert dagster.get_run_by_id(old) is None and dagster.get_run_by_id(young) is not None
        assert dagster.all_logs(young)
        assert not list(files.glob(f"{old}*")) and (files / f"{young}.db").is_file() is not bool(history)
        assert not _tables_that_name(home, history, old), "Dagster's own way leaves the results of checks"
        assert _tables_that_name(home, history, young)


def _tables_that_name(home: Home, history: str, run: str) -> set[str]:
    """Tables of the history with a row of the run."""
    folder = home.dagster / "history"
    urls = [history] if history else [f"sqlite:///{folder / 'runs.db'}", f"sqlite:///{folder / 'runs' / 'index.db'}"]
    found = set()
    for url in urls:
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            for table in sa.inspect(connection).get_table_names():
                if "run_id" in {column["name"] for column in sa.inspect(connection).get_columns(table)}:
                    of_the_run = (
                        sa.select(sa.func.count()).select_from(sa.table(table)).where(sa.column("run_id") == run)
                    )
                    found |= {table} if connection.execute(of_the_run).scalar_one() else set()
        engine.dispose()
    return found
