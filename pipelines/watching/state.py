"""The state of a home at a glance. Belongs here: facts, each read where it lies; not here: what is wrong with them (findings).

Reads only, and works in a home nobody may write. What cannot be read is None, or named in `unread`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from pipelines import disk, lock, steps
from pipelines.durable import is_alive
from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.landing import ledger
from pipelines.publishing import layout
from pipelines.settings.sources import SourceMap
from pipelines.watching import record
from pipelines.watching.record import LastRun

OF_OTHER_COMMANDS: Final = ("asset what-if:", "rebuild:", "rollback:", "serve:", "verify:")

TAIL_BYTES: Final = 256 * 1024
"""So much of the step log's end is read: several runs' worth."""


@dataclass(frozen=True, slots=True)
class Version:
    """The version BI tools read. `age_days`: whole days since it was published; None of what its manifest does not say."""

    name: str
    published_at: datetime | None
    age_days: int | None
    as_of: date | None
    known_at: datetime | None
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Source:
    """A mapped table: when it was delivered last and how many days ago that is for the company's calendar, beside what was agreed.

    This is age by the clock; the gate compares deliveries with the newest of all. `stale_from`: the first day on which it is older than
    agreed if nothing comes. `rows_quarantined`: of its batches that count.
    """

    table: str
    delivered_at: datetime | None
    age_days: int | None
    max_age_days: int | None
    stale_from: date | None
    rows_quarantined: int

    @property
    def is_stale(self) -> bool | None:
        """Whether it is older than agreed; None where nothing was agreed or delivered."""
        if self.age_days is None or self.max_age_days is None:
            return None
        return self.age_days > self.max_age_days


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes: what the home takes, what is free for it, what the next run should find free."""

    used_bytes: int
    free_bytes: int
    needed_bytes: int


@dataclass(frozen=True, slots=True)
class DeadStep:
    """The step in which a process died that never wrote its end."""

    step: str
    pid: int
    began_at: datetime

    @property
    def is_of_a_run(self) -> bool:
        """Whether a run takes this step by itself; other commands have steps of their own, which a run has inside its own only."""
        return not self.step.startswith(OF_OTHER_COMMANDS)


@dataclass(frozen=True, slots=True)
class State:
    """What there is to know of a home at `seen_at` (UTC)."""

    seen_at: datetime
    home: Path
    version: Version | None
    versions: int
    last_run: LastRun | None
    sources: tuple[Source, ...]
    disk: Disk
    holder: lock.Holder | None
    dead: DeadStep | None
    interrupted: DeadStep | None
    """What another command than a run did not end."""
    unread: tuple[str, ...] = ()
    """What could not be read, by code."""

    @property
    def stale(self) -> tuple[Source, ...]:
        """The sources that are older than agreed."""
        return tuple(each for each in self.sources if each.is_stale)

    @property
    def is_well(self) -> bool:
        """Whether there is a version, the last run ended well, no source is stale and nothing was unreadable."""
        has_run = self.last_run is None or not self.last_run.is_failure
        return self.version is not None and has_run and self.dead is None and not self.stale and not self.unread


def look(home: Home, sources: SourceMap | None, now: datetime | None = None) -> State:
    """The state of a home; `sources` None where the configuration cannot be read: then no source is listed."""
    now = now or datetime.now(UTC)
    unread: list[str] = []
    listed: tuple[Source, ...] = ()
    if sources is None:
        unread.append("CONFIG_UNREADABLE")
    else:
        try:
            listed = tuple(of_sources(ledger.read(home), sources, now))
        except KundenwertError as error:
            unread += [problem.code for problem in error.problems]
    holder, last = lock.holder(home), record.read(home)
    version = _version(home, now)
    died = tuple(_dead_steps(home, last))
    runs = [each for each in died if each.is_of_a_run]
    others = (each for each in died if each.pid not in {run.pid for run in runs})
    is_quiet = holder is None or lock.is_held_here(home)
    return State(
        seen_at=now,
        home=home.root,
        version=version,
        versions=len(layout.numbers(home)),
        last_run=last,
        sources=listed,
        disk=_disk(home, version),
        holder=holder,
        dead=runs[0] if runs and is_quiet else None,
        interrupted=next(others, None),
        unread=tuple(unread),
    )


def _version(home: Home, now: datetime) -> Version | None:
    number = layout.pointed_number(home)
    found = next((each for each in layout.versions(home) if each.number == number), None)
    if found is None:
        return None
    return Version(
        name=found.name,
        published_at=found.published_at,
        age_days=None if found.published_at is None else max((now - found.published_at).days, 0),
        as_of=max(found.as_of_dates, default=None),
        known_at=found.known_at,
        size_bytes=found.size_bytes,
    )


def of_sources(entries: tuple[ledger.LedgerEntry, ...], sources: SourceMap, now: datetime) -> Iterator[Source]:
    """Every mapped table at that time, by name."""
    counting = [batch.entry for batch in ledger.batches(entries) if batch.is_active]
    for table in sorted(sources.tables):
        quarantined = sum(entry.rows_quarantined for entry in counting if entry.table == table)
        yield aged(table, ledger.newest_delivery(entries, table), sources, now, quarantined)


def aged(
    table: str, delivered: datetime | None, sources: SourceMap, now: datetime, rows_quarantined: int = 0
) -> Source:
    """How old a table is whose newest delivery was then (UTC without zone; None: never); one that is not mapped has no agreed age."""
    today = sources.day(now.astimezone(UTC).replace(tzinfo=None))
    day = None if delivered is None else sources.day(delivered)
    mapping = sources.tables.get(table)
    agreed = None if mapping is None else mapping.max_age_days
    return Source(
        table=table,
        delivered_at=None if delivered is None else delivered.replace(tzinfo=UTC),
        age_days=None if day is None else (today - day).days,
        max_age_days=agreed,
        stale_from=None if day is None or agreed is None else day + timedelta(days=agreed + 1),
        rows_quarantined=rows_quarantined,
    )


_SPARE_BYTES: Final = 500_000_000


def _disk(home: Home, version: Version | None) -> Disk:
    """A run builds a warehouse and a version beside those that are there."""
    there = next(each for each in (home.root, *home.root.parents) if each.exists())
    warehouse = home.warehouse.stat().st_size if home.warehouse.is_file() else 0
    needed = _SPARE_BYTES + warehouse + (version.size_bytes if version else 0)
    return Disk(disk.taken(home.root), shutil.disk_usage(there).free, needed)


def _dead_steps(home: Home, last: LastRun | None) -> Iterator[DeadStep]:
    """Steps that were begun and neither ended nor failed, by processes that are gone, since the last run ended: innermost first."""
    open_steps: list[DeadStep] = []
    for line in _tail(home.logs / steps.LOG):
        try:
            said = json.loads(line)
            step = DeadStep(str(said["step"]), int(said["pid"]), datetime.fromtimestamp(float(said["at"]), UTC))
        except (ValueError, KeyError, TypeError):
            continue
        if said.get("event") == "begin":
            open_steps.append(step)
        else:
            begun = [each for each in open_steps if _is_of(each, step)]
            over = begun[-1:] if step.is_of_a_run else begun
            open_steps = [each for each in open_steps if each not in over]
    since = [each for each in open_steps if last is None or each.began_at > last.ended_at]
    return (each for each in reversed(since) if not (each.pid == os.getpid() or is_alive(str(each.pid))))


def _is_of(begun: DeadStep, ended: DeadStep) -> bool:
    """Whether that end is of this beginning; of a command that is no run, also where it was given once more."""
    return begun.step == ended.step and (begun.pid == ended.pid or not begun.is_of_a_run)


def _tail(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - TAIL_BYTES, 0))
            return file.read().decode("utf-8", errors="replace").splitlines()
    except OSError:
        return []
