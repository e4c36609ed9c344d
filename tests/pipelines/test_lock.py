"""One run per home, proven with real processes."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines import lock
from pipelines.errors import ExitCode, LockedError
from pipelines.home import Home

HOLD = """
import sys
from pipelines import lock
from pipelines.home import Home
with lock.held(Home.at(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(home: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of `home` until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def never_waiting() -> Iterator[None]:
    """Refuse what waits for another process: a lock that is not asked for at once, and sleeping."""
    lock_file = fcntl.flock

    def asked(descriptor: int, operation: int) -> None:
        assert operation & fcntl.LOCK_NB, "the lock is waited for"
        lock_file(descriptor, operation)

    def slept(_: float) -> None:
        raise AssertionError("the lock is waited for")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fcntl, "flock", asked)
        patched.setattr(time, "sleep", slept)
        yield


def test_a_second_process_is_refused_at_once_and_told_who_holds_the_home(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with holder(home) as process:
        with never_waiting(), pytest.raises(LockedError) as error, lock.held(home):
            pass
        (problem,) = error.value.problems
        assert problem.code == "LOCKED"
        assert f"process {process.pid}, since 20" in problem.what
        assert error.value.exit_code is ExitCode.LOCKED


def test_the_lock_of_a_killed_process_stops_nobody(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with holder(home) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert home.lock.is_file()
        with lock.held(home):
            assert lock.is_held_here(home)
    assert not lock.is_held_here(home)


def test_the_lock_is_free_after_a_failure_inside(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with pytest.raises(RuntimeError), lock.held(home):
        raise RuntimeError
    with lock.held(home):
        pass


def test_two_homes_do_not_disturb_each_other(tmp_path: Path) -> None:
    with lock.held(Home.at(tmp_path / "one")), lock.held(Home.at(tmp_path / "two")):
        assert lock.is_held_here(Home.at(tmp_path / "one"))


def test_the_lock_file_is_for_its_owner_only(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "new")
    with lock.held(home):
        assert home.lock.stat().st_mode & 0o777 == 0o600
        assert home.root.stat().st_mode & 0o077 == 0
