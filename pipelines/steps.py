"""The step log: what the pipeline is doing, for people (progress) and for repair (which step a dead run was in).

Belongs here: naming and timing of steps, keeping their log short, and the one fault injection point the kill tests use. Not here: any work.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

Listener = Callable[[str, str, float], None]
"""Called with (step name, "begin" | "end" | "failed", seconds since begin)."""

KILL_AT = "KUNDENWERT_KILL_AT"
"""`<step>` or `<step>:late`: SIGKILL this process inside that step, before or after its work. For tests only."""

_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell `listener` of every step while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def step(name: str, log: Path) -> Iterator[None]:
    """Run the block as the step `name`, with a begin and an end line in `log` (a directory: `<log>/steps.jsonl`).

    A step that died shows as a begin without an end.
    """
    started = time.monotonic()
    _write(log, name, "begin", 0.0)
    _kill_if_asked(name)
    try:
        yield
    except BaseException:
        _write(log, name, "failed", time.monotonic() - started)
        raise
    _kill_if_asked(f"{name}:late")
    _write(log, name, "end", time.monotonic() - started)


def passed(name: str, log: Path, seconds: float, *, failed: bool = False) -> None:
    """A step that somebody else has taken, beside others, and that is over."""
    _write(log, name, "begin", 0.0)
    _write(log, name, "failed" if failed else "end", seconds)


LOG: Final = "steps.jsonl"
FORMER: Final = "steps.1.jsonl"
MOST_BYTES: Final = 8_000_000
"""Some thirty runs: from there on the log begins anew, and the one before stays beside it."""


def is_long(log: Path) -> bool:
    """Whether the step log in that directory is to begin anew."""
    path = log / LOG
    return path.is_file() and path.stat().st_size > MOST_BYTES


def _write(log: Path, name: str, event: str, seconds: float) -> None:
    record = {"at": time.time(), "pid": os.getpid(), "step": name, "event": event, "seconds": round(seconds, 3)}
    # Who only reads a home, and may not write in it or finds no room, leaves no trace there. A run that may not is refused at the lock, and
    # one without room at the first thing it writes that counts.
    with suppress(PermissionError), _unless_no_room():
        log.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(log / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, (json.dumps(record) + "\n").encode())
        finally:
            os.close(descriptor)
    for listener in list(_listeners):
        listener(name, event, seconds)


@contextmanager
def _unless_no_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC, errno.EDQUOT):
            raise


def _kill_if_asked(point: str) -> None:
    if os.environ.get(KILL_AT) == point:
        os.kill(os.getpid(), signal.SIGKILL)
