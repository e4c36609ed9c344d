"""Runs of a real daemon and web UI, killed in the middle: the queue is free, the next run is right; and who meets whom in a home.

History in SQLite and in PostgreSQL. One service after the other in one home, as an operator's week would have it.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from orchestration.dagster.instance import STORAGE
from pipelines.errors import ExitCode
from tests.end_to_end.demo import ten_customers_published
from tests.end_to_end.kundenwert import Company
from tests.operations.service import Service, serving, waited
from tests.patience import PATIENCE_SECONDS
from tests.pipelines.sources.postgres import PASSWORD, USER, server

pytestmark = pytest.mark.slow

STARTERS, PATIENT = 20, 2


@pytest.fixture
def company(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Published once, with another delivery lying ready."""
    company = ten_customers_published(tmp_path_factory, tmp_path)
    (orders,) = (tmp_path / "demo").rglob("Auftraege.csv")
    orders.write_bytes(b"".join(orders.read_bytes().splitlines(keepends=True)[:-1]))
    return company


def last_step(company: Company) -> tuple[str, int]:
    """The last step that was begun or ended, and the process that said so."""
    last = (company.home / "logs" / "steps.jsonl").read_text(encoding="utf-8").rstrip("\n").rpartition("\n")[2]
    told = json.loads(last)
    return str(told["step"]), int(told["pid"])


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.needs("postgresql"))])
def history(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What the environment says of where Dagster's history lies."""
    if request.param == "SQLite":
        yield {}
        return
    with server() as address:
        yield {STORAGE: f"postgresql://{USER}:{quote(PASSWORD, safe='')}@{address}/postgres"}


MOMENTS = ("land invoice_lines", "dbt int_", "gate:", "publish: pages")
"""Steps in which a run's process is killed where its history lies in PostgreSQL."""


def killed_within(service: Service, step: str) -> str:
    """Start a run and kill its process once it says it is in that step; the run's id."""
    _, before = last_step(service.company)
    run = service.launch()
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        name, worker = last_step(service.company)
        if worker != before and name.startswith(step):
            os.kill(worker, signal.SIGKILL)
            return run
        time.sleep(0.005)
    raise AssertionError(f"no run came to {step}\n{service.log()}")


def test_killed_in_the_middle_the_queue_is_free_and_the_next_run_is_right(
    company: Company, history: dict[str, str]
) -> None:
    version = company.current
    with serving(company, **history) as service:
        for step in MOMENTS if history else MOMENTS[-2:-1]:
            killed = killed_within(service, step)
            # The run of the process is closed by Dagster's server or by the daemon's monitoring, the one inside by the monitoring.
            assert service.until(killed, "SUCCESS", "FAILURE") == "FAILURE", step
            waited(lambda: set(service.statuses("portfolio").values()) == {"FAILURE"}, service.log)
            assert company.current == version, step
        assert "died: it was killed, or the machine restarted" in service.said_of(service.of("portfolio", "FAILURE")[0])
        # Everything at once, as a machine loses power: a run in the middle, another one behind it.
        before = last_step(company)
        swept, last = service.launch(), service.launch()
        waited(lambda: last_step(company)[1] != before[1], service.log)
        service.kill()
    assert company.current == version
    with serving(company, **history) as service:
        assert service.statuses()[swept] == "FAILURE", "who starts the service finds the dead before anything is asked"
        assert "died: it was killed" in service.said_of(swept)
        assert service.until(last, "SUCCESS", "FAILURE") == "SUCCESS", service.said_of(last)
        assert set(service.statuses().values()) == {"FAILURE", "SUCCESS"}
        assert set(service.statuses("portfolio").values()) == {"FAILURE", "SUCCESS"}
    assert company.current != version
    company.fork_and_succeed("verify", **history)
    is_in_the_home = (company.home / "dagster" / "history" / "runs" / "index.db").exists()
    assert is_in_the_home is not bool(history), "the history lies where it was asked for"
    kept = b"".join(path.read_bytes() for path in company.home.rglob("*") if path.suffix in (".yaml", ".log", ".jsonl"))
    assert not history or (STORAGE.encode() in kept and quote(PASSWORD, safe="").encode() not in kept)


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
