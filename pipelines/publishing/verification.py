"""Is a published version still what was published? Compares every file with the manifest, in both directions.

Its pages are compared with their own list (pages). Belongs here: finding differences. Not here: repairing them (publish again, roll back).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines import contents, steps
from pipelines.errors import Problem, VerifyError
from pipelines.home import Home
from pipelines.publishing import layout, manifest, pages
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


def verify(home: Home, version: int | None = None) -> VerifyReport:
    """Compare a version (None: the one CURRENT names) with its manifest, every byte of it.

    Raises VerifyError with every problem found: altered, missing and extra files, an altered manifest, a broken
    pointer, a version that does not exist.
    """
    number = layout.needed_version(home) if version is None else version
    directory = layout.existing_directory(home, number)
    with steps.step("verify: hash", home.logs):
        return verify_directory(directory, number)


def verify_directory(directory: Path, number: int, *, pages_too: bool = True) -> VerifyReport:
    """Compare the files in `directory` with the manifest there, and its pages with their list unless only what is published to BI tools is
    asked for. Raises VerifyError with every problem."""
    read = manifest.read(directory)
    problems = [*_differences(directory, number, read, pages_too)]
    problems += pages.differences(directory, layout.name_of(number)) if pages_too else ()
    if problems:
        raise VerifyError(*problems)
    drawn = [pages.folder_of(directory) / name for name in pages.listed(directory).files] if pages_too else []
    size = sum(file.bytes for file in read.files) + sum(path.stat().st_size for path in drawn)
    return VerifyReport(number, read.published_at, len(read.files) + len(drawn), size)


def _differences(directory: Path, number: int, read: Manifest, pages_too: bool) -> Iterator[Problem]:
    if read.version != number:
        what = f"the manifest belongs to {layout.name_of(read.version)}"
        yield Problem("VERSION_MISMATCH", what, f"{layout.name_of(number)}/{manifest.MANIFEST}", _REMEDY)
    shown = layout.name_of(number)
    for entry in read.files:
        yield from _file_differences(directory / entry.path, f"{shown}/{entry.path}", entry)
    expected = {manifest.MANIFEST, manifest.SEAL, *AUDIENCES, *(entry.path for entry in read.files)}
    expected |= pages.names(directory)
    for path in sorted(directory.rglob("*")):
        relative = path.relative_to(directory).as_posix()
        if relative not in expected and (pages_too or not pages.is_page(relative)):
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
    elif contents.of_file(path) != entry.sha256:
        yield Problem("FILE_ALTERED", "has the published size, but other content (SHA-256)", shown, _REMEDY)
