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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pipelines.errors import LockedError, Problem
from pipelines.home import Home

AT_ONCE: Final = timedelta(0)
SECONDS_BETWEEN_TRIES: Final = 0.5

_held: Final[set[Path]] = set()
"""Homes this process holds."""


def is_held_here(home: Home) -> bool:
    """True if this very process holds the home's lock."""
    return home.lock in _held


def is_free(home: Home) -> bool:
    """True if nobody holds the home's lock at this moment; it is taken for that moment, so ask only where there is need to."""
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


def _problem(holder: str) -> Problem:
    """The refusal, from what the holder wrote into the file."""
    try:
        record = json.loads(holder)
        who = f"process {int(record['pid'])}, since {str(record['started_at'])[:32]}"
    except (ValueError, KeyError, TypeError):
        who = "a process that has only just begun"
    what = f"another run works in this home: {who}; nothing was changed"
    return Problem("LOCKED", what, "run.lock", "wait until it ends, or end it, then run again")
