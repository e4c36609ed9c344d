"""The record of what was landed: one JSON file per event; the rename of that file commits the batch.

Belongs here: events, their order, and what follows from them (which batches are active and since when). Not here:
making a batch. Order is by sequence number, never by a clock.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines import durable
from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home
from pipelines.landing.findings import Finding, Severity

NEVER = datetime(1900, 1, 1)  # noqa: DTZ001 - UTC without a zone
"""When a batch was superseded that a correction has taken the place of: before anything was known."""


SHEETS: Final = "sheets"
"""The part of a table that people fill in, in sheets."""


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LedgerFile(_Frozen):
    """A delivered file of a batch. `source` is its name in sources.yml, `rows` its records, `skipped` its rows that are no
    data (above the header, repeated headers, what the format declares)."""

    source: str
    name: str
    sha256: str
    bytes: int
    rows: int
    skipped: int = 0


class AmountSums(_Frozen):
    """Sums of one money column, in delivered currencies, over rows where the amount parses; None where nobody can tell."""

    accepted: Decimal
    quarantined: Decimal
    filtered: Decimal | None = None
    lost_in_mapping: Decimal | None = None


class LedgerMessage(_Frozen):
    """A finding as kept in the ledger."""

    severity: Severity
    code: str
    what: str
    where: str
    remedy: str
    rows: int | None
    amount: Decimal | None


class LedgerEntry(_Frozen):
    """One landing event. Times are UTC without zone.

    `part` is "" for the table's own source, SHEETS for returned rating sheets; the two never replace each other.
    `delivery` names what a later event of the same name replaces (a day, a file, or "" for all of the part),
    `content_id` is the identity of mapping and bytes, `batch_id` of these and the delivery.
    """

    schema_version: Literal[1] = 1
    sequence: int
    batch_id: str
    content_id: str
    table: str
    domain: Literal["erp", "crm"]
    mode: Literal["full", "incremental"]
    part: Literal["", "sheets"] = ""
    delivery: str
    day: date | None
    declared_on: date | None = None
    delivered_at: datetime
    landed_at: datetime
    is_reactivation: bool
    files: tuple[LedgerFile, ...]
    rows_in: int
    rows_accepted: int
    rows_quarantined: int
    rows_filtered: int
    rows_skipped: int = 0
    """Not in `rows_in`: they are no records."""
    rows_lost_in_mapping: int | None = None
    """Records of the driving file that come out of no join of a mapping's SQL; None where nobody can tell."""
    rows_duplicate_exact: int
    values_unreadable: int = 0
    amounts: Mapping[str, AmountSums]
    quarantined_by_reason: Mapping[str, int]
    data_from: date | None
    data_to: date | None
    messages: tuple[LedgerMessage, ...]
    pseudonym_key_id: str | None
    corrects: int | None = None
    """The sequence of the event whose rows were corrected in a sheet: this one stands in its place."""
    corrections: tuple[str, ...] = ()
    """SHA-256 of the corrections its files were read with."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What landing had to say about the batch."""
        return tuple(
            Finding(m.severity, Problem(m.code, m.what, m.where, m.remedy), m.rows, m.amount) for m in self.messages
        )


@dataclass(frozen=True, slots=True)
class LoadedBatch:
    """An event with its place in the table's history."""

    entry: LedgerEntry
    is_first: bool
    superseded_at: datetime | None

    @property
    def is_active(self) -> bool:
        """Whether no later event replaced it."""
        return self.superseded_at is None


def messages_of(findings: Sequence[Finding]) -> tuple[LedgerMessage, ...]:
    """`findings` as the ledger keeps them."""
    return tuple(
        LedgerMessage(
            severity=f.severity,
            code=f.problem.code,
            what=f.problem.what,
            where=f.problem.where,
            remedy=f.problem.remedy,
            rows=f.rows,
            amount=f.amount,
        )
        for f in findings
    )


def read(home: Home) -> tuple[LedgerEntry, ...]:
    """All committed events by sequence. Raises KundenwertError LEDGER_CORRUPT."""
    return tuple(_entry(path) for path in sorted(home.ledger.glob("[0-9]*.json")))


_understood: dict[Path, tuple[tuple[int, int, int], LedgerEntry]] = {}
"""Events this process has read, with what their files were then: a run asks for the ledger dozens of times."""


def _entry(path: Path) -> LedgerEntry:
    """The event in a file, understood once as long as the file is the same."""
    status = path.stat()
    # A commit renames a new file into place, which has another inode.
    now = (status.st_ino, status.st_size, status.st_mtime_ns)
    known = _understood.get(path)
    if known is not None and known[0] == now:
        return known[1]
    try:
        entry = LedgerEntry.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise _corrupt(path.name, f"the file cannot be understood: {error.errors()[0]['msg']}") from error
    if path.name != _file_name(entry.sequence):
        raise _corrupt(path.name, f"the file holds event {entry.sequence}")
    _understood[path] = (now, entry)
    return entry


def newest_delivery(entries: Sequence[LedgerEntry], table: str) -> datetime | None:
    """When `table` was delivered last (UTC without zone), whatever became of its rows; None: never."""
    return max((entry.delivered_at for entry in entries if entry.table == table), default=None)


def batches(entries: Sequence[LedgerEntry]) -> tuple[LoadedBatch, ...]:
    """The events with what follows from their order.

    A full load replaces everything its part of the table had; an incremental one only an earlier event of the same delivery. A
    correction stands in the place of the event it corrects, which then never counted: what was delivered later is still later, and what
    was first is first.
    """
    entries = _in_place(entries)
    corrected = {entry.corrects for entry in entries if entry.corrects is not None}
    successors = _successors(entries)
    seen: set[str] = set()
    result = []
    for entry, successor in zip(entries, successors, strict=True):
        is_first = entry.table not in seen
        if entry.sequence in corrected:
            result.append(LoadedBatch(entry, is_first, NEVER))
            continue
        result.append(LoadedBatch(entry, is_first, None if successor is None else successor.delivered_at))
        seen.add(entry.table)
    return tuple(result)


def _successors(entries: Sequence[LedgerEntry]) -> list[LedgerEntry | None]:
    """Per event the next one that replaces it. Looked at from the last to the first: a company that delivers daily has thousands."""
    full: dict[tuple[str, str], int] = {}
    same: dict[tuple[str, str, str], int] = {}
    found: list[LedgerEntry | None] = []
    for position, entry in reversed(list(enumerate(entries))):
        own = (entry.table, entry.part)
        after = [at for at in (full.get(own), same.get((*own, entry.delivery))) if at is not None]
        found.append(entries[min(after)] if after else None)
        same[*own, entry.delivery] = position
        if entry.mode == "full":
            full[own] = position
    return found[::-1]


def _in_place(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """The events in the order in which they count."""
    placed: list[LedgerEntry] = []
    for entry in entries:
        if entry.corrects is None:
            placed.append(entry)
            continue
        at = next(place for place, earlier in enumerate(placed) if earlier.sequence == entry.corrects)
        placed.insert(at + 1, entry)
    return placed


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Only one process numbers events at a time."""
    home.ledger.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home.ledger / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def next_sequence(home: Home) -> int:
    """The number of the next event; only meaningful while `locked`."""
    return max((int(path.stem) for path in home.ledger.glob("[0-9]*.json")), default=0) + 1


def commit(home: Home, entry: LedgerEntry) -> None:
    """Make `entry` an event: before this call its batch does not exist for readers, after it, it does."""
    durable.write_text(home.ledger / _file_name(entry.sequence), entry.model_dump_json(indent=1) + "\n")


def digest(*parts: str) -> str:
    """64 hex over `parts`; no two lists of parts share one text."""
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def _file_name(sequence: int) -> str:
    return f"{sequence:06d}.json"


def _corrupt(name: str, why: str) -> KundenwertError:
    return KundenwertError(
        Problem("LEDGER_CORRUPT", why, f"landing/ledger/{name}", "restore landing/ledger from a backup")
    )
