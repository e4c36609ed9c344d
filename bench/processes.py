"""One process from its start to its end: seconds, processor seconds, memory. Belongs here: measuring; not here: what is started (jobs)."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

EVERY_SECONDS: Final = 0.05
"""How often memory is looked at: a peak shorter than that may be missed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process and all it started took."""

    wall: float
    """Seconds from start to end."""

    cpu: float
    """Seconds of processors, user and system."""

    peak: int
    """Bytes resident at once, of the whole tree."""

    exit_code: int


def measure(command: Sequence[str], log: Path, variables: Mapping[str, str], folder: Path) -> Measured:
    """Run a command in `folder` to its end; what it says goes to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **variables}, stdout=said, stderr=said)  # noqa: S603
        over = threading.Event()
        peak = [0]
        watch = threading.Thread(target=_watch, args=(process.pid, over, peak), daemon=True)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        watch.join()
    # The kernel's own figure counts this process in (the child begins as its copy): only where there is no /proc to look at.
    return Measured(wall, used.ru_utime + used.ru_stime, peak[0] or used.ru_maxrss * 1024, process.returncode)


def _watch(pid: int, over: threading.Event, peak: list[int]) -> None:
    while not over.wait(EVERY_SECONDS):
        peak[0] = max(peak[0], sum(_resident(each) for each in _tree(pid)))


def _tree(pid: int) -> Iterator[int]:
    waiting = [pid]
    while waiting:
        each = waiting.pop()
        yield each
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                waiting += [int(word) for word in children.read_text().split()]
            except OSError:
                continue  # it has ended meanwhile


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
