"""Which process works on a run, in a word another process can check. Belongs here: only that."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Final

TAG: Final = "kundenwert/process"
"""The run's tag that holds the word."""

_BEGAN: Final = 19
"""Place of the start time in /proc/<pid>/stat, counted behind the name in brackets."""


def this_process() -> str:
    """The word for this process: its id, when it began, and in which machine or container such an id means anything."""
    return json.dumps({"pid": os.getpid(), "began": _began(os.getpid()), "space": _space()})


def pid_of(word: str | None) -> int | None:
    """The id in a word of this machine (or container); None for one that was told elsewhere, or for none at all."""
    try:
        told = json.loads(word or "")
        return int(told["pid"]) if told["space"] == _space() else None
    except (ValueError, KeyError, TypeError):
        return None


def lives(word: str | None) -> bool | None:
    """Whether the process is still there; None where this machine cannot tell. An id that was given out anew is another process."""
    pid = pid_of(word)
    if pid is None:
        return None
    began = _began(pid)
    return began is not None and began == json.loads(word or "")["began"]


def interrupt(word: str | None) -> bool:
    """Ctrl-C for the process; False if it is not there, or not here."""
    pid = pid_of(word)
    if pid is None or not lives(word):
        return False
    os.kill(pid, signal.SIGINT)
    return True


def _began(pid: int) -> str | None:
    """When the process began, as the kernel counts; None for none, and for one that ended and was not yet taken notice of."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else fields[_BEGAN]


def _space() -> str:
    """Which ids are meant: those of this start of this machine, in this container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
