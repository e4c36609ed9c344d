"""What several test files need and is dear to make: made by the first test process that asks, the others wait for it.

Belongs here: making it once per session, or once for several sessions on the same checkout, which then name a folder of their own (KEPT).
Not here: what is made. Nobody changes what was made; whoever wants to takes a copy.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

KEPT: Final = "KUNDENWERT_TESTS_MADE"
"""The environment's name of a folder in which what is made stays for the next session: .ci/run has two, one after the other."""


def once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name`, filled by `make`."""
    root = _root(tmp_path_factory)
    folder = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            # A process that died while it made it left half of it.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            (folder / "made").touch()
    return folder


def _root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it lies: beside the workers' own folders, which are gone with the session."""
    if kept := os.environ.get(KEPT):
        return Path(kept)
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return tmp_path_factory.getbasetemp().parent if is_worker else tmp_path_factory.getbasetemp()
