"""Is a published version still what was published? Compares every file with the manifest, in both directions.

Belongs here: finding differences. Not here: repairing them (publish again, roll back).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines import steps
from pipelines.errors import Problem, VerifyError
from pipelines.home import Home
from pipelines.publishing import layout, manifest
from pipelines.publishing.manifest import Manifest, PublishedFile
from pipelines.publishing.tables import AUDIENCES

_REMEDY = (
    "kundenwert rollback VERSION to one that verifies, or kundenwert run to publish anew; then find out who changed it"
)


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """A version that is exactly what was published: how many files and bytes were compared."""

    version: int
    published_at: datetime
    files: int
    bytes: int


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(home: Home, version: int | None = None) -> VerifyReport:
    """Compare a version (None: the one CURRENT names) with its manifest, every byte of it.

    Raises VerifyError with every problem found: altered, missing and extra files, an altered manifest, a broken
    pointer, a version that does not exist.
    """
    number = layout.needed_version(home) if version is None else version
    directory = layout.existing_directory(home, number)
    with steps.step("verify: hash", home.logs):
        return verify_directory(directory, number)


def verify_directory(directory: Path, number: int) -> VerifyReport:
    """Compare the files in `directory` with the manifest there. Raises VerifyError with every problem."""
    read = manifest.read(directory)
    problems = tuple(_differences(directory, number, read))
    if problems:
        raise VerifyError(*problems)
    return VerifyReport(number, read.published_at, len(read.files), sum(file.bytes for file in read.files))


def _differences(directory: Path, number: int, read: Manifest) -> Iterator[Problem]:
    if read.version != number:
        what = f"the manifest belongs to {layout.name_of(read.version)}"
        yield Problem("VERSION_MISMATCH", what, f"{layout.name_of(number)}/{manifest.MANIFEST}", _REMEDY)
    shown = layout.name_of(number)
    for entry in read.files:
        yield from _file_differences(directory / entry.path, f"{shown}/{entry.path}", entry)
    expected = {manifest.MANIFEST, manifest.SEAL, *AUDIENCES, *(entry.path for entry in read.files)}
    for path in sorted(directory.rglob("*")):
        relative = path.relative_to(directory).as_posix()
        if relative not in expected:
            yield Problem("FILE_EXTRA", "is not in the manifest", f"{shown}/{relative}", f"remove it; {_REMEDY}")
    for audience in AUDIENCES:
        folder = directory / audience
        if folder.is_symlink() or not folder.is_dir():
            yield Problem("FILE_MISSING", "the folder is missing", f"{shown}/{audience}", _REMEDY)


def _file_differences(path: Path, shown: str, entry: PublishedFile) -> Iterator[Problem]:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        yield Problem("FILE_ALTERED", "is not a regular file any more", shown, _REMEDY)
    elif not path.exists():
        yield Problem("FILE_MISSING", "is in the manifest, but not there", shown, _REMEDY)
    elif (size := path.stat().st_size) != entry.bytes:
        yield Problem("FILE_ALTERED", f"has {size} bytes, published were {entry.bytes}", shown, _REMEDY)
    elif sha256_of(path) != entry.sha256:
        yield Problem("FILE_ALTERED", "has the published size, but other content (SHA-256)", shown, _REMEDY)
