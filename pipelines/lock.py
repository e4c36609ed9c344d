"""One run at a time per home: an advisory file lock the kernel drops when its holder dies, however it dies.

Belongs here: taking the lock and saying who holds it. Not here: what is done under it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pipelines import durable
from pipelines.errors import LockedError, Problem
from pipelines.home import Home

AT_ONCE: Final = timedelta(0)
SECONDS_BETWEEN_TRIES: Final = 0.5

_held: Final[set[Path]] = set()
"""Homes this process holds."""

_KERNEL_LOCKS: Final = Path("/proc/locks")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a home's lock. `is_alive` False: the process that took it is gone, and a child it left behind still has it."""

    pid: int | None
    started_at: str | None
    is_alive: bool


def holder(home: Home) -> Holder | None:
    """Who holds the home's lock, None if nobody does. Only looks: to try the lock would refuse a run that begins just then."""
    try:
        written = home.lock.read_text(encoding="utf-8", errors="replace")
        inode = home.lock.stat().st_ino
    except OSError:
        return None
    pid, started_at = _holder_in(written)
    is_alive = pid is not None and (pid == os.getpid() or durable.is_alive(str(pid)))
    is_held = _is_locked(inode) if _KERNEL_LOCKS.is_file() else is_alive
    return Holder(pid, started_at, is_alive) if is_held else None


def _is_locked(inode: int) -> bool:
    """Whether the kernel lists an flock on the file of this inode. The device is not compared: some file systems have another one there."""
    rows = (line.split() for line in _KERNEL_LOCKS.read_text(encoding="ascii", errors="replace").splitlines())
    return any(row[1] == "FLOCK" and row[5].rpartition(":")[2] == str(inode) for row in rows if len(row) > 5)


def is_held_here(home: Home) -> bool:
    """True if this very process holds the home's lock."""
    return home.lock in _held


def is_free(home: Home) -> bool:
    """True if nobody holds the home's lock at this moment; it is taken for that moment, so ask only where there is need to.

    `holder` only looks, and does not see who holds it in another container.
    """
    try:
        with held(home):
            return True
    except LockedError:
        return False


@contextmanager
def held(home: Home, waits: timedelta = AT_ONCE) -> Iterator[None]:
    """Hold the home's lock while the block runs. Raises LockedError if another run has it, at once or when it has `waits` so long.

    The file stays: only the lock on it counts, so a file left by a dead process stops nobody.
    """
    home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, time.monotonic() + waits.total_seconds())
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "started_at": _now()}).encode() + b"\n", 0)
        _held.add(home.lock)
        try:
            yield
        finally:
            _held.discard(home.lock)
    finally:
        os.close(descriptor)


def _take(descriptor: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise LockedError(_problem(os.pread(descriptor, 4096, 0).decode(errors="replace"))) from None
        time.sleep(SECONDS_BETWEEN_TRIES)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _holder_in(written: str) -> tuple[int | None, str | None]:
    """Process id and start in what a holder wrote into the file; None where it has only just begun to."""
    try:
        record = json.loads(written)
        return int(record["pid"]), str(record["started_at"])[:32]
    except (ValueError, KeyError, TypeError):
        return None, None


def _problem(written: str) -> Problem:
    """The refusal, from what the holder wrote into the file."""
    pid, started_at = _holder_in(written)
    who = "a process that has only just begun" if pid is None else f"process {pid}, since {started_at}"
    what = f"another run works in this home: {who}; nothing was changed"
    return Problem("LOCKED", what, "run.lock", "wait until it ends, or end it, then run again")
