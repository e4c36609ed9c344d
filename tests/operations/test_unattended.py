"""Runs of a real daemon and web UI, killed in the middle: the queue is free, the next run is right; and who meets whom in a home.

History in SQLite. One service after the other in one home, as an operator's week would have it.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.errors import ExitCode
from pipelines.steps import KILL_AT
from tests.end_to_end.demo import ten_customers_published
from tests.end_to_end.kundenwert import Company
from tests.operations.service import serving, waited

pytestmark = pytest.mark.slow

STARTERS, PATIENT = 20, 2


@pytest.fixture
def company(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Published once, with another delivery lying ready."""
    company = ten_customers_published(tmp_path_factory, tmp_path)
    (orders,) = (tmp_path / "demo").rglob("Auftraege.csv")
    orders.write_bytes(b"".join(orders.read_bytes().splitlines(keepends=True)[:-1]))
    return company


def last_worker(company: Company) -> int:
    """The process that wrote the last line of the step log."""
    lines = (company.home / "logs" / "steps.jsonl").read_text(encoding="utf-8").splitlines()
    return int(json.loads(lines[-1])["pid"])


def test_killed_in_the_middle_the_queue_is_free_and_the_next_run_is_right(company: Company) -> None:
    version = company.current
    # The run's process alone, with everything computed. Its own run is closed by Dagster's server, the one inside by the monitoring.
    with serving(company, **{KILL_AT: "gate: decide"}) as service:
        killed = service.launch()
        assert service.until(killed, "SUCCESS", "FAILURE") == "FAILURE"
        (inside,) = waited(lambda: service.of("portfolio", "FAILURE"), service.log)
        assert "died: it was killed, or the machine restarted" in service.said_of(inside)
        # Everything at once, as a machine loses power: a run in the middle, another one behind it.
        before = last_worker(company)
        swept, last = service.launch(), service.launch()
        waited(lambda: last_worker(company) != before, service.log)
        service.kill()
    assert company.current == version
    with serving(company) as service:
        assert service.statuses()[swept] == "FAILURE", "who starts the service finds the dead before anything is asked"
        assert "died: it was killed" in service.said_of(swept)
        assert service.until(last, "SUCCESS", "FAILURE") == "SUCCESS", service.said_of(last)
        assert set(service.statuses().values()) == {"FAILURE", "SUCCESS"}
        assert set(service.statuses("portfolio").values()) == {"FAILURE", "SUCCESS"}
    assert company.current != version
    company.fork_and_succeed("verify")


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
