"""Scratch directories: private, named by whose they are, gone when the work is done.

Belongs here: only that. Not here: where scratch space is (home), what is worked on in it.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines import durable


@contextmanager
def workshop(scratch: Path, purpose: str) -> Iterator[Path]:
    """A fresh directory `<purpose>-<pid>` in `scratch` (0700), gone afterwards, however the block ends.

    What a killed process left of the same purpose is removed first. Where this user may not write in `scratch`, the machine's own scratch
    space (TMPDIR) is taken: what only reads a home needs no right to write in it.
    """
    for left in left_behind(scratch, purpose):
        shutil.rmtree(left, ignore_errors=True)
    directory = scratch / f"{purpose}-{os.getpid()}"
    try:
        directory.mkdir(mode=0o700, parents=True)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES):
            raise
        directory = Path(tempfile.mkdtemp(prefix=f"kundenwert-{purpose}-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def left_behind(scratch: Path, purpose: str = "*") -> tuple[Path, ...]:
    """What processes that are gone left in `scratch` (of that purpose): their names end with the process's id."""
    named = (path for path in scratch.glob(f"{purpose}-*") if path.name.rpartition("-")[2].isdigit())
    return tuple(sorted(path for path in named if not durable.is_alive(path.name.rpartition("-")[2])))
