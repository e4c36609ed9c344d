"""Runs of a real daemon and web UI, killed in the middle: the queue is free, the next run is right; and who meets whom in a home.

History in SQLite and in PostgreSQL. One service after the other in one home, as an operator's week would have it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from orchestration.dagster.instance import STORAGE
from pipelines.errors import ExitCode
from tests.end_to_end.demo import ten_customers_published
from tests.end_to_end.kundenwert import Company
from tests.operations.service import Service, end_of_steps, one_line_less, serving, steps_after, waited, worker_in
from tests.pipelines.sources.postgres import PASSWORD, USER, server
from tools.ports import free_port

pytestmark = pytest.mark.slow

STARTERS, PATIENT = 20, 2


@pytest.fixture
def company(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Published once, with another delivery lying ready."""
    company = ten_customers_published(tmp_path_factory, tmp_path)
    one_line_less(company)
    return company


@pytest.fixture(
    params=["SQLite", pytest.param("PostgreSQL", marks=[pytest.mark.endless, pytest.mark.needs("postgresql")])]
)
def history(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What the environment says of where Dagster's history lies."""
    if request.param == "SQLite":
        yield {}
        return
    with server() as address:
        yield {STORAGE: f"postgresql://{USER}:{quote(PASSWORD, safe='')}@{address}/postgres"}


def killed_within(service: Service, step: str) -> str:
    """Start a run and kill its process once it says it is in that step; the run's id."""
    before = end_of_steps(service.company)
    run = service.launch()
    os.kill(worker_in(service.company, step, before), signal.SIGKILL)
    return run


def is_told_dead(service: Service, run: str) -> None:
    """The run of the killed process is closed by Dagster's server or by the daemon's monitoring, the one inside by the monitoring."""
    assert service.until(run, "SUCCESS", "FAILURE") == "FAILURE"
    waited(lambda: set(service.statuses("portfolio").values()) <= {"FAILURE", "SUCCESS"}, service.log)
    # A run that dies while it lands has none inside yet.
    for inside in service.of("portfolio", "FAILURE"):
        assert "died: it was killed, or the machine restarted" in service.said_of(inside)


BEFORE_THE_POINTER = {"SQLite": ("gate:",), "PostgreSQL": ("land invoice_lines", "dbt int_", "publish: pages")}
"""Steps in which a run's process is killed, by where the history lies."""


def test_killed_in_the_middle_the_queue_is_free_and_the_next_run_is_right(
    company: Company, history: dict[str, str]
) -> None:
    version, kept_in_the_home = company.current, history_in_the_home(company)
    with serving(company, **history) as service:
        for step in BEFORE_THE_POINTER["PostgreSQL" if history else "SQLite"]:
            is_told_dead(service, killed_within(service, step))
            assert company.current == version, step
        # Everything at once, as a machine loses power: a run in the middle, another one behind it.
        before = end_of_steps(company)
        swept, last = service.launch(), service.launch()
        waited(lambda: steps_after(company, before), service.log)
        service.kill()
    assert company.current == version
    with serving(company, **history) as service:
        assert service.statuses()[swept] == "FAILURE", "who starts the service finds the dead before anything is asked"
        assert "died: it was killed" in service.said_of(swept)
        assert service.until(last, "SUCCESS", "FAILURE") == "SUCCESS", service.said_of(last)
        assert set(service.statuses().values()) == {"FAILURE", "SUCCESS"}
        assert set(service.statuses("portfolio").values()) == {"FAILURE", "SUCCESS"}, (
            "each killed within one, or before"
        )
        assert company.current != version
        undisturbed = company.published_bytes()
        if history:
            # One more moment: what was published stands, only the run does not know.
            one_line_less(company)
            is_told_dead(service, killed_within(service, "prune"))
            assert company.published_bytes() != undisturbed
    company.fork_and_succeed("verify", **history)
    is_untouched = history_in_the_home(company) == kept_in_the_home
    assert is_untouched is bool(history), "the history lies where it was asked for"
    written = b"".join(path.read_bytes() for path in company.home.rglob("*") if path.suffix in WRITTEN_BY_DAGSTER)
    assert not history or STORAGE.encode() in written
    assert PASSWORD.encode() not in written and quote(PASSWORD, safe="").encode() not in written


def history_in_the_home(company: Company) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (company.home / "dagster").rglob("*.db*")}


WRITTEN_BY_DAGSTER = (".yaml", ".log", ".jsonl", ".txt")


def test_without_its_database_a_run_changes_nothing_and_says_what_to_start(company: Company) -> None:
    version = company.current
    address = f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{free_port()}/postgres"
    done = company.fork("run", **{STORAGE: address})
    said = done.stdout + done.stderr
    assert done.returncode == ExitCode.FAILED, said
    assert "HISTORY_UNUSABLE" in said and STORAGE in said
    said += "".join(path.read_text(encoding="utf-8") for path in (company.home / "logs").iterdir())
    assert PASSWORD not in said and quote(PASSWORD, safe="") not in said
    assert company.current == version
    company.fork_and_succeed("verify", **{STORAGE: address})


def test_of_twenty_starters_one_works_and_the_others_are_told_or_wait(company: Company) -> None:
    before = company.current.name

    def start(number: int) -> tuple[int, str]:
        waits = ("--wait", "30") if number < PATIENT else ()
        done = company.fork("run", *waits, "--json")
        return done.returncode, done.stdout + done.stderr

    with ThreadPoolExecutor(STARTERS) as all_at_once:
        ended = list(all_at_once.map(start, range(STARTERS)))
    assert {code for code, _ in ended} == {ExitCode.OK, ExitCode.LOCKED}, ended
    assert [code for code, _ in ended[:PATIENT]] == [ExitCode.OK] * PATIENT, "who waits gets its turn"
    refused = [said for code, said in ended if code == ExitCode.LOCKED]
    assert len(refused) >= STARTERS - PATIENT - 1
    assert all("another run works in this home: process" in said for said in refused)
    assert int(company.current.name[1:]) == int(before[1:]) + 1, "one version, however many asked"
    company.fork_and_succeed("verify")
