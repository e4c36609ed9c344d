"""Which versions stay, by their age and by the month ends they stand for; removing the others.

Belongs here: the rule, what goes by it and what that frees. Not here: when it is asked (orchestration.assets.housekeeping), the company's
figures (config/sources.yml, `retention`). Answers about the past are not counted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipelines import disk, durable
from pipelines.home import Home
from pipelines.publishing import layout
from pipelines.publishing.layout import VersionInfo


@dataclass(frozen=True, slots=True)
class Rule:
    """A version stays for `days` days; longer the newest one of each latest as-of date, of all month ends or of the newest `month_ends`.

    The version CURRENT names stays whatever its age: it needs nothing but itself.
    """

    days: int
    month_ends: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError: of nothing kept, nothing could be rolled back to."""
        if self.days < 1 or (self.month_ends is not None and self.month_ends < 1):
            raise ValueError(f"keep at least a day and a month end, not {self}")


@dataclass(frozen=True, slots=True)
class Going:
    """Versions that do not stay, oldest first, the states of knowledge that end with them, and the bytes on the disk they alone hold."""

    versions: tuple[VersionInfo, ...]
    known_at: tuple[datetime, ...]
    bytes: int


def going(home: Home, rule: Rule, now: datetime) -> Going:
    """What goes by the rule at that time. Changes nothing."""
    versions = layout.versions(home)
    staying = _staying(home, versions, rule, now)
    doomed = tuple(sorted((each for each in versions if each.number not in staying), key=lambda each: each.number))
    known = {each.known_at for each in versions if each.number in staying}
    ended = sorted({each.known_at for each in doomed if each.known_at is not None} - known)
    return Going(doomed, tuple(ended), disk.freed(*(layout.directory_of(home, each.number) for each in doomed)))


def prune(home: Home, rule: Rule, now: datetime) -> Going:
    """Delete what goes. The caller holds the run's lock."""
    found = going(home, rule, now)
    for version in found.versions:
        # Renamed first: a version that is half deleted when the run dies must not look like a version.
        doomed = home.published / f"{layout.PRUNING}{version.name}"
        durable.rename(layout.directory_of(home, version.number), doomed)
        shutil.rmtree(doomed)
    if found.versions:
        durable.sync_directory(home.published)
    return found


def _staying(home: Home, versions: Iterable[VersionInfo], rule: Rule, now: datetime) -> set[int]:
    newest_first = sorted(versions, key=lambda each: each.number, reverse=True)
    since = now - timedelta(days=rule.days)
    staying = {each.number for each in newest_first if each.is_current or _published_at(home, each) > since}
    of_month: dict[object, int] = {}
    for each in newest_first:
        if each.as_of_dates:
            of_month.setdefault(max(each.as_of_dates), each.number)
    months = sorted(of_month, key=str, reverse=True)[: rule.month_ends]
    return staying | {of_month[month] for month in months}


def _published_at(home: Home, version: VersionInfo) -> datetime:
    """A version whose manifest cannot be read is as old as its directory."""
    changed = layout.directory_of(home, version.number).stat().st_mtime
    return version.published_at or datetime.fromtimestamp(changed, UTC)
