"""Runs whose process died are closed, by whoever begins next and by the daemon; runs that live are not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.launcher import WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG

from orchestration.dagster import dead_runs, instance, processes
from orchestration.dagster.launcher import WatchingLauncher
from pipelines import lock
from pipelines.home import Home

Status = dg.DagsterRunStatus
TELL = (
    "import signal, sys; from orchestration.dagster import processes as p; "
    # Where the tests run in the background, Ctrl-C is ignored by whoever inherits that.
    "signal.signal(signal.SIGINT, signal.default_int_handler); print(p.this_process(), flush=True); sys.stdin.read()"
)


@dg.asset
def one() -> None: ...


JOB = dg.Definitions(assets=[one], jobs=[dg.define_asset_job("all")]).resolve_job_def("all")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")


@pytest.fixture(scope="module")
def killed() -> Iterator[str]:
    """The word of a process that was killed."""
    process = subprocess.Popen([sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    word = process.stdout.readline().strip()
    assert processes.lives(word) is True
    process.kill()
    # Nobody has taken notice of its end yet: a process that is only a name works on nothing.
    while processes.lives(word):
        pass
    yield word
    process.wait()


def test_what_waits_and_what_lives_is_left_alone(tmp_path: Path, killed: str) -> None:
    home = Home.at(tmp_path)
    with instance.opened(home) as dagster:

        def run(status: Status, **tags: str) -> str:
            named = {name.replace("__", "/"): value for name, value in tags.items()}
            return dagster.create_run_for_job(JOB, status=status, tags=named).run_id

        dead = {
            run(Status.STARTED, kundenwert__process=killed),
            run(Status.CANCELING, kundenwert__process=killed),
            run(Status.NOT_STARTED, kundenwert__process=killed, kundenwert__started_by=dead_runs.COMMAND_LINE),
            dagster.create_run_for_job(
                JOB, status=Status.STARTING, tags={GRPC_INFO_TAG: f'{{"socket": "{tmp_path}/gone"}}'}
            ).run_id,
        }
        living = {
            run(Status.STARTED, kundenwert__process=processes.this_process()): Status.STARTED,
            run(Status.STARTED): Status.STARTED,  # It has only just begun.
            run(Status.NOT_STARTED): Status.NOT_STARTED,  # It waits for its launch.
            run(Status.SUCCESS, kundenwert__process=killed): Status.SUCCESS,
        }
        assert set(dead_runs.close_dead_runs(dagster, home)) == dead
        statuses = {each.run_id: each.status for each in dagster.get_runs()}
        assert statuses == living | dict.fromkeys(dead, Status.FAILURE)
        said = "".join(each.message for run_id in dead for each in dagster.all_logs(run_id))
    assert f"The process of this run ({processes.pid_of(killed)}) died" in said


def test_where_a_process_cannot_be_told_the_homes_lock_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A web server and a run in two containers share the home, and not the numbers of processes."""
    elsewhere = processes.this_process().replace(processes._space(), "another container")
    assert processes.lives(elsewhere) is None
    home = Home.at(tmp_path)
    with instance.opened(home) as dagster:
        run = dagster.create_run_for_job(JOB, status=Status.STARTED, tags={processes.TAG: elsewhere})
        launcher = dagster.run_launcher
        assert isinstance(launcher, WatchingLauncher)
        assert launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING, "it has had no time yet"
        monkeypatch.setattr(dead_runs, "GRACE", -dead_runs.GRACE)
        descriptor = _taken(home)
        assert launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING, "somebody works in the home"
        descriptor.close()
        found = launcher.check_run_worker_health(run)
    assert found.status is WorkerStatus.FAILED
    assert "nobody holds the lock" in (found.msg or "")
    assert lock.is_free(home)


def _taken(home: Home):  # type: ignore[no-untyped-def]
    """The lock as another process holds it."""
    import fcntl

    home.root.mkdir(exist_ok=True)
    file = home.lock.open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def test_a_run_of_the_command_line_is_ended_from_the_web_ui_by_ctrl_c(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    tags = {processes.TAG: process.stdout.readline().strip(), dead_runs.STARTED_BY: dead_runs.COMMAND_LINE}
    with instance.opened(Home.at(tmp_path)) as dagster:
        run = dagster.create_run_for_job(JOB, status=Status.STARTED, tags=tags)
        assert dagster.run_launcher.terminate(run.run_id)
        assert process.wait() != 0
        ended = dagster.get_run_by_id(run.run_id)
        assert ended is not None
        assert ended.status is Status.CANCELING
