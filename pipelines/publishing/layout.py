"""Where versions lie: their names, the pointer CURRENT, what is there. Not here: their content, or changing it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pipelines import disk, durable
from pipelines.errors import Problem, UsageError, VerifyError
from pipelines.home import Home
from pipelines.publishing import manifest as manifests

_NAME: Final = re.compile(r"v([0-9]{6,})")
BUILDING: Final = ".building-"
PRUNING: Final = ".pruning-"
"""Prefixes of what a dead run may leave behind; readers never look at them."""


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One version as listed for people. What stands in a manifest that cannot be read is None, `is_readable` False."""

    number: int
    is_current: bool
    is_readable: bool
    published_at: datetime | None
    known_at: datetime | None
    as_of_dates: tuple[date, ...]
    method_version: str | None
    size_bytes: int
    tables: int
    open_months: tuple[date, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The directory's name, `v000007`."""
        return name_of(self.number)


def name_of(number: int) -> str:
    """The directory name of a version number: `v000007`."""
    return f"v{number:06d}"


def directory_of(home: Home, number: int) -> Path:
    """Where a version lies (whether or not it exists)."""
    return home.published / name_of(number)


def existing_directory(home: Home, number: int) -> Path:
    """Where a version lies. Raises VerifyError VERSION_UNKNOWN if there is none."""
    directory = directory_of(home, number)
    if not directory.is_dir():
        there = ", ".join(name_of(each) for each in numbers(home)) or "none"
        what = f"there is no version {name_of(number)}; published: {there}"
        raise VerifyError(Problem("VERSION_UNKNOWN", what, "published/", "kundenwert versions lists them"))
    return directory


def parse_version(text: str) -> int:
    """The number in `v000007`, `v7` or `7`. Raises KundenwertError VERSION_NAME."""
    match = re.fullmatch(r"v?([0-9]{1,12})", text.strip())
    if match is None or int(match[1]) == 0:
        what = f"{text!r} is not a version; versions are named like v000007, or 7"
        raise UsageError(Problem("VERSION_NAME", what, remedy="kundenwert versions lists them"))
    return int(match[1])


def numbers(home: Home) -> tuple[int, ...]:
    """All published version numbers, ascending."""
    if not home.published.is_dir():
        return ()
    found = (
        _NAME.fullmatch(entry.name) for entry in home.published.iterdir() if not entry.is_symlink() and entry.is_dir()
    )
    return tuple(sorted(int(match[1]) for match in found if match is not None))


def pointed_number(home: Home) -> int | None:
    """The number CURRENT names, whether or not that version exists; None without a well-formed pointer."""
    if not home.current.is_symlink():
        return None
    match = _NAME.fullmatch(str(home.current.readlink()))
    return int(match[1]) if match is not None else None


def needed_version(home: Home) -> int:
    """The version BI tools read. Raises VerifyError NOTHING_PUBLISHED before the first publication, POINTER_BROKEN."""
    number = current_version(home)
    if number is None:
        raise VerifyError(
            Problem("NOTHING_PUBLISHED", "there is no published version yet", "published/", "kundenwert run")
        )
    return number


def current_directory(home: Home) -> Path:
    """Where the version BI tools read lies. Raises as `needed_version` does."""
    needed_version(home)
    return home.current.resolve()


def current_version(home: Home) -> int | None:
    """The version BI tools read; None before the first publication.

    Raises VerifyError POINTER_BROKEN if CURRENT names nothing that exists.
    """
    if not home.current.is_symlink() and not home.current.exists():
        return None
    number = pointed_number(home)
    if number is None or number not in numbers(home):
        what = (
            "CURRENT does not name an existing version"
            if number is None
            else f"CURRENT names {name_of(number)}, which is gone"
        )
        raise VerifyError(
            Problem(
                "POINTER_BROKEN",
                what,
                "published/CURRENT",
                "kundenwert rollback VERSION, or kundenwert run to publish anew",
            )
        )
    return number


def point_to(home: Home, number: int) -> None:
    """Let CURRENT name a version: in one instant, durably."""
    durable.write_symlink(home.current, name_of(number))


def versions(home: Home) -> tuple[VersionInfo, ...]:
    """All versions, the newest first. Lists also those whose manifest cannot be read; verify says what is wrong."""
    current = pointed_number(home)
    return tuple(_info(directory_of(home, number), number, number == current) for number in reversed(numbers(home)))


def _info(directory: Path, number: int, is_current: bool) -> VersionInfo:
    size = disk.taken(directory)
    try:
        manifest = manifests.read(directory)
    except VerifyError:
        return VersionInfo(number, is_current, False, None, None, (), None, size, 0)
    return VersionInfo(
        number=number,
        is_current=is_current,
        is_readable=True,
        published_at=manifest.published_at,
        known_at=manifest.known_at,
        as_of_dates=manifest.as_of_dates,
        method_version=manifest.method_version,
        size_bytes=size,
        tables=sum(file.is_table for file in manifest.files),
        open_months=manifest.open_months,
        why=manifest.why,
    )
