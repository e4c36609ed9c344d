"""What BI tools and pages no longer have once an earlier version is the current one.

Belongs here: two manifests compared. Not here: going back (release), asking and saying (orchestration.commands.rollback).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.errors import VerifyError
from pipelines.home import Home
from pipelines.publishing import layout, manifest
from pipelines.publishing.manifest import Manifest


@dataclass(frozen=True, slots=True)
class SourceLost:
    """A source table whose data end earlier there; None: it was not delivered then, or has no dates."""

    table: str
    data_to: date | None
    data_to_now: date | None


@dataclass(frozen=True, slots=True)
class Lost:
    """Going from the version CURRENT names (`current`) to `version`. Without a readable current version nothing can be told.

    `as_of_dates`: what only the current one shows. `is_other_method`: scores and zones follow from other settings.
    """

    version: int
    current: int | None
    is_told: bool
    known_at: datetime | None = None
    known_at_now: datetime | None = None
    as_of_dates: tuple[date, ...] = ()
    sources: tuple[SourceLost, ...] = ()
    is_other_method: bool = False


def lost_by(home: Home, version: int) -> Lost:
    """What is lost by a rollback to an existing version. Raises VerifyError where its manifest cannot be read."""
    current = layout.pointed_number(home)
    then = manifest.read(layout.existing_directory(home, version))
    try:
        now = manifest.read(home.current) if current is not None else None
    except VerifyError:
        now = None
    if now is None:
        return Lost(version, current, is_told=False, known_at=then.known_at)
    return Lost(
        version,
        current,
        is_told=True,
        known_at=then.known_at,
        known_at_now=now.known_at,
        as_of_dates=tuple(day for day in now.as_of_dates if day not in then.as_of_dates),
        sources=tuple(_sources(then, now)),
        is_other_method=then.method_version != now.method_version,
    )


def _sources(then: Manifest, now: Manifest) -> Iterator[SourceLost]:
    ends = {source.table: source.data_to for source in then.sources}
    for source in now.sources:
        end = ends.get(source.table)
        if source.data_to is not None and (end is None or end < source.data_to):
            yield SourceLost(source.table, end, source.data_to)


def last_shown(home: Home) -> frozenset[date]:
    """The as-of dates of the version CURRENT names and of those it was rolled back from: what a new version may be missed in."""
    return frozenset(day for each in _seen(home) for day in each.as_of_dates)


def rolled_back_from(home: Home) -> dict[int, dict[str, str]]:
    """Versions newer than the one CURRENT names: the content (SHA-256) of their tables, by path."""
    current = layout.pointed_number(home)
    return {each.version: _tables(each) for each in _seen(home) if each.version != current}


def tables_of(home: Home, number: int) -> dict[str, str]:
    """The content (SHA-256) of a version's tables for BI tools, by path. Raises VerifyError where its manifest cannot be read."""
    return _tables(manifest.read(layout.directory_of(home, number)))


def _tables(read: Manifest) -> dict[str, str]:
    return {file.path: file.sha256 for file in read.tables_of("bi")}


def _seen(home: Home) -> list[Manifest]:
    """The current version and the newer ones that can be read, ascending."""
    current = layout.pointed_number(home)
    found = []
    for number in layout.numbers(home) if current is not None else ():
        try:
            found += [manifest.read(layout.directory_of(home, number))] if number >= (current or 0) else []
        except VerifyError:
            continue
    return found
