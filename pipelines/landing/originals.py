"""Unchanged copies of delivered files, named by their SHA-256. Belongs here: only that.

A member of a ZIP and the rows of a database are kept as the file they are read from: the same content again has the same name.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipelines import durable
from pipelines.errors import KundenwertError, Problem, SourceError
from pipelines.home import Home
from pipelines.sources import Found, FoundFile, fetch
from pipelines.workshop import workshop

_BLOCK = 4 << 20
_ATTEMPTS = 3
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Original:
    """A landed copy: the delivered name, its hash and size, and where the copy lies."""

    name: str
    sha256: str
    size: int
    path: Path


def keep(home: Home, found: Found) -> Original:
    """Copy `found` into the originals (0600) unless its bytes are there already.

    Raises SourceError SOURCE_UNREADABLE after three attempts, FILE_CHANGING for a file still being written, and what
    `fetch` raises; KundenwertError DISK_FULL.
    """
    if not isinstance(found, FoundFile) or found.member is not None:
        return _patiently(found, lambda: _fetched(home, found))
    if not _may_be_kept(home, found):
        return _patiently(found, lambda: _copy(home, found))
    sha256, size = _patiently(found, lambda: _hash(found.path))
    original = Original(found.name, sha256, size, home.originals / sha256)
    # A copy whose bits rotted is replaced by the delivered file, which still has the right hash.
    if not original.path.exists() or _hash(original.path) != (sha256, size):
        return _patiently(found, lambda: _copy(home, found))
    return original


def _may_be_kept(home: Home, found: FoundFile) -> bool:
    """A copy of this size is there: then it is worth reading the file only to compare it."""
    size = _patiently(found, lambda: found.path.stat().st_size)
    return size in _sizes(home.originals)


_seen: dict[Path, tuple[int, frozenset[int]]] = {}
"""Sizes of the copies by folder, and when that last changed. What is not known to be there yet is copied as new bytes are."""


def _sizes(originals: Path) -> frozenset[int]:
    changed = originals.stat().st_mtime_ns if originals.exists() else 0
    known = _seen.get(originals)
    if known is not None and known[0] == changed:
        return known[1]
    sizes = frozenset(each.stat().st_size for each in originals.glob("*"))
    _seen[originals] = (changed, sizes)
    return sizes


def _patiently(found: Found, work: Callable[[], _T]) -> _T:
    for attempt in range(_ATTEMPTS):
        try:
            return work()
        except OSError as error:
            if error.errno == errno.ENOSPC:
                what = f"the disk is full while {found.name} is copied"
                raise KundenwertError(
                    Problem(
                        "DISK_FULL", what, "landing/originals", "free space and run again; nothing is to be cleaned up"
                    )
                ) from error
            if attempt == _ATTEMPTS - 1:
                what = f"the file cannot be read: {error.strerror}"
                raise SourceError(
                    Problem("SOURCE_UNREADABLE", what, found.name, "make the file readable for this user and run again")
                ) from error
            time.sleep(0.2 * 3**attempt)
    raise AssertionError("unreachable")


def _hash(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _copy(home: Home, found: FoundFile) -> Original:
    """Copy the file and hash the copy: what is loaded is what was hashed."""
    with workshop(home.temporary, "original") as work:
        copy = work / "copy"
        copy.touch(mode=0o600)
        before = found.path.stat()
        shutil.copyfile(found.path, copy)
        after = found.path.stat()
        sha256, size = _hash(copy)
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, size):
            raise SourceError(
                Problem(
                    "FILE_CHANGING",
                    "the file changed while it was read; nothing of it was loaded",
                    found.name,
                    "run again when it is complete",
                )
            )
        original = Original(found.name, sha256, size, home.originals / sha256)
        durable.replace_file(copy, original.path)
    return original


def _fetched(home: Home, found: Found) -> Original:
    """Bring the file here, and keep it unless its bytes are there already."""
    with workshop(home.temporary, "original") as work:
        copy = work / "copy"
        copy.touch(mode=0o600)
        fetch(found, copy)
        sha256, size = _hash(copy)
        original = Original(found.name, sha256, size, home.originals / sha256)
        if not original.path.exists() or _hash(original.path) != (sha256, size):
            durable.replace_file(copy, original.path)
    return original
