"""The clock of a real daemon: what it missed is one run when it is back, and a run that takes too long is ended, coded and told."""

from __future__ import annotations

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.dagster import instance
from orchestration.dagster.time_limit import MAX_RUNTIME
from orchestration.unattended import JOB, SCHEDULE
from pipelines.errors import ExitCode
from pipelines.home import Home
from pipelines.watching import record
from tests.end_to_end.demo import ten_customers_published
from tests.end_to_end.kundenwert import Company
from tests.operations.service import end_of_steps, log_of, one_line_less, started, waited, worker_in

pytestmark = pytest.mark.endless

MISSED_DAYS = 3
SECONDS = "1"
"""So long the run may take."""


def test_missed_mornings_are_one_run_and_a_run_that_takes_too_long_is_ended_coded_and_told(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "1")
    company = ten_customers_published(tmp_path_factory, tmp_path)
    home, version = Home.at(company.home), company.current
    _by_the_clock(company)
    with instance.opened(home) as dagster:

        def of_the_clock() -> list[dg.RunRecord]:
            return [*dagster.get_run_records(dg.RunsFilter(job_name=JOB))]

        with started(company, "--only", "daemon"):
            (clock,) = waited(dagster.all_instigator_state, lambda: log_of(company))
        assert not of_the_clock(), "no morning came while it was there"
        _was_there(dagster, clock, days_ago=MISSED_DAYS)
        one_line_less(company)
        began = datetime.now(UTC)
        before, ended_before = end_of_steps(company), record.read(home)
        with started(company, "--only", "daemon"):
            # It takes too long, however fast the machine is.
            worker = worker_in(company, "asset control", before)
            os.kill(worker, signal.SIGSTOP)
            (caught_up,) = of_the_clock()
            run = caught_up.dagster_run
            dagster.add_run_tags(run.run_id, {MAX_RUNTIME: SECONDS})
            waited(lambda: _status(dagster, run) is dg.DagsterRunStatus.CANCELING, lambda: log_of(company))
            os.kill(worker, signal.SIGCONT)
            waited(lambda: record.read(home) != ended_before, lambda: log_of(company))
            for each in dagster.get_runs(dg.RunsFilter(created_after=began)):
                waited(partial(_is_over, dagster, each), lambda: log_of(company))
        (only,) = of_the_clock()
        said = "".join(entry.message for entry in dagster.all_logs(run.run_id))
    assert only.dagster_run.run_id == run.run_id, f"{MISSED_DAYS} mornings, one run"
    assert run.tags["dagster/schedule_name"] == SCHEDULE
    assert only.dagster_run.status is dg.DagsterRunStatus.FAILURE
    assert f"Exceeded maximum runtime of {SECONDS} seconds" in said, said
    ended = record.read(home)
    assert ended is not None
    assert (ended.exit_code, [each.code for each in ended.failures]) == (ExitCode.FAILED, ["RUN_TOO_LONG"])
    told = [json.loads(line) for line in (tmp_path / "told.jsonl").read_text(encoding="utf-8").splitlines()]
    (failed,) = [each for each in told if each["code"] == "RUN_FAILED"]
    assert "RUN_TOO_LONG" in failed["what"]
    assert company.current == version
    company.fork_and_succeed("verify")


def _status(dagster: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus | None:
    told = dagster.get_run_by_id(run.run_id)
    return None if told is None else told.status


def _is_over(dagster: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    return _status(dagster, run) in (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def _by_the_clock(company: Company) -> None:
    """Every day, twelve hours from now; and somebody is to be told."""
    far = (datetime.now(UTC) + timedelta(hours=12)).hour
    with (company.config / "sources.yml").open("a", encoding="utf-8") as sources:
        sources.write(
            f'\nautomation: {{schedule: "0 {far} * * *"}}\nalerts: {{file: {company.home.parent}/told.jsonl}}\n'
        )


def _was_there(dagster: dg.DagsterInstance, clock: Any, days_ago: int) -> None:
    """As if the daemon that began to watch this clock had done so, and gone, so long ago."""
    began = clock.instigator_data
    earlier = began.start_timestamp - days_ago * 86400
    moved = began._replace(start_timestamp=earlier, last_iteration_timestamp=earlier)
    dagster.update_instigator_state(clock.with_data(moved))
