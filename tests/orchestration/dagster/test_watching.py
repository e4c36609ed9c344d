"""Runs that Dagster starts are watched like those of the command line, and what it calls unfinished is asked of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import dagster as dg

from orchestration import unattended
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import STEP_LOG_TAG
from orchestration.dagster import instance, processes, watching
from orchestration.dagster.failures import in_plain_words
from orchestration.dbt.manifest import PROJECT_DIR
from pipelines import lock
from pipelines.errors import ExitCode, GateRedError, Problem
from pipelines.home import Home
from pipelines.settings.automation import Automation
from pipelines.watching import record
from tests.orchestration.commands.command_line import GOLDEN


def _run(home: Home, *problems: Problem) -> bool:
    @dg.op
    def work(run: RunResource) -> None:
        assert lock.is_held_here(run.home)
        with in_plain_words():
            if problems:
                raise GateRedError(*problems)

    @dg.job(resource_defs={"run": RunResource(config_dir=str(GOLDEN), home_dir=str(home.root), dbt_project_dir="")})
    def job() -> None:
        work()

    with instance.opened(home) as dagster:
        return job.execute_in_process(instance=dagster, raise_on_error=False).success


def test_a_run_of_dagster_is_recorded_as_it_ended(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").prepare()
    assert _run(home)
    well = record.read(home)
    assert well is not None
    assert (well.exit_code, well.gate, well.failures) == (0, "green", ())
    assert not _run(home, Problem("RECONCILE_FAIL", "x", "ledger_totals"))
    red = record.read(home)
    assert red is not None
    assert (red.exit_code, red.gate) == (5, "red")
    assert [(each.code, each.where) for each in red.failures] == [("RECONCILE_FAIL", "ledger_totals")]
    assert red.succeeded_at == well.ended_at
    assert "kundenwert_gate_green 0" in home.metrics.read_text(encoding="utf-8")

    with lock.held(home):
        (home.root / "watch" / "last_run.json").unlink()
        assert _run(home)
    assert record.read(home) is None, "who holds the lock watches: `kundenwert run`"


def test_a_run_of_the_clock_is_recorded_once_and_as_it_ended(tmp_path: Path) -> None:
    home, config = Home.at(tmp_path / "home").prepare(), tmp_path / "config"
    shutil.copytree(GOLDEN, config)
    (config / "sources.yml").write_text("version: 1\n", encoding="utf-8")
    job = unattended.unattended_job(config, home, PROJECT_DIR, Automation())
    with instance.opened(home) as dagster:
        done = job.execute_in_process(instance=dagster, raise_on_error=False)
        (run,) = dagster.get_runs()
        said = "".join(entry.message for entry in dagster.all_logs(done.run_id))
    assert not done.success
    assert run.tags[STEP_LOG_TAG] == f"{home.logs / 'steps.jsonl'}, pid {os.getpid()}"
    assert "logs/steps.jsonl, lines with pid" in said and str(home.logs / "last_error.txt") in said
    seen = record.read(home)
    assert seen is not None
    assert seen.exit_code == ExitCode.CONFIG
    assert {each.code for each in seen.failures} == {"CONFIG_MISSING_KEY"}


def test_what_dagster_calls_unfinished(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").prepare()
    assert watching.unfinished(home) == watching.Unfinished()
    ended = subprocess.Popen(["true"])
    ended.wait()
    living = processes.this_process()
    dead = json.dumps({**json.loads(living), "pid": ended.pid})
    started = dg.DagsterRunStatus.STARTED
    with instance.opened(home) as dagster:
        dagster.add_run(dg.DagsterRun("j", run_id="0123456789abcdef", status=started, tags={processes.TAG: dead}))
        # Begun, and not yet at the home's lock: nobody is to be woken for it.
        dagster.add_run(dg.DagsterRun("j", run_id="89abcdef01234567", status=started, tags={processes.TAG: living}))
        dagster.add_run(dg.DagsterRun("j", run_id="fedcba9876543210", status=dg.DagsterRunStatus.SUCCESS))
    assert watching.unfinished(home) == watching.Unfinished((("01234567", "STARTED"),), daemon_lives=False)
    for path in (home.dagster / "history").rglob("*.db"):
        path.write_bytes(b"no database")
    assert not watching.unfinished(home).is_readable
