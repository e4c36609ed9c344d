"""Processes of their own without the seconds of importing: forked from one that has imported everything (tests.imported).

Belongs here: starting one, its output, its end. They can be killed and end with an exit code as any process does; what they do
not show is the import of modules, and the hash seed is the same in all of them.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.patience import PATIENCE_SECONDS

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.imported"])


def forked(
    function: Callable[..., object], *arguments: object, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Call the module's function in a forked process, to its end; `environment` comes on top of this one's."""
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said, "out"), Path(said, "err")
        whole = {**os.environ, **(environment or {})}
        process = _SERVER.Process(target=_call, args=(function, arguments, whole, out, err))
        process.start()
        process.join(PATIENCE_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
        assert process.exitcode is not None
        said_by_it = [path.read_text(encoding="utf-8") if path.is_file() else "" for path in (out, err)]
        return subprocess.CompletedProcess(function.__name__, process.exitcode, *said_by_it)


def _call(
    function: Callable[..., object], arguments: tuple[object, ...], environment: dict[str, str], out: Path, err: Path
) -> None:
    for stream, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(REPOSITORY)
    function(*arguments)
