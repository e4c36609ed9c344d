"""What a delivery means for its table: something new, nothing new, or an earlier state again. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.landing.ledger import LedgerEntry, batches
from pipelines.sources import Found


@dataclass(frozen=True, slots=True)
class Arrival:
    """Files that form one batch, by their name in sources.yml. `delivery` is what a later arrival of that name
    replaces, within its `part` of the table."""

    day: date | None
    delivery: str
    files: Mapping[str, Sequence[Found]]
    part: Literal["", "sheets"] = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """`earlier` is the event whose batch is active already (duplicate) or counts again (reactivate)."""

    action: Literal["load", "duplicate", "reactivate", "older"]
    earlier: LedgerEntry | None = None


def decide(
    entries: Sequence[LedgerEntry],
    table: str,
    mode: Literal["full", "incremental"],
    arrival: Arrival,
    *,
    content_id: str,
    sha256s: frozenset[str],
) -> Decision:
    """What to do with `arrival`, whose mapping and bytes are `content_id` and whose files hash to `sha256s`.

    Full: only the newest event counts, so its content again is nothing new, an older one's content is that state again,
    and a day before the newest event's is late (said once: not if its bytes were seen before). Incremental: content
    that is active is nothing new.
    """
    own = [entry for entry in entries if (entry.table, entry.part) == (table, arrival.part)]
    same = [entry for entry in own if entry.content_id == content_id]
    if mode == "incremental":
        active = [batch.entry for batch in batches(own) if batch.is_active and batch.entry.content_id == content_id]
        if active:
            return Decision("duplicate", active[-1])
        again = [entry for entry in same if entry.delivery == arrival.delivery]
        return Decision("reactivate", again[-1]) if again else Decision("load")
    if not own:
        return Decision("load")
    newest = own[-1]
    if newest.content_id == content_id:
        return Decision("duplicate", newest)
    if arrival.day is not None and newest.day is not None and arrival.day < newest.day:
        seen = any(frozenset(file.sha256 for file in entry.files) == sha256s for entry in own)
        return Decision("duplicate" if seen else "older")
    return Decision("reactivate", same[-1]) if same else Decision("load")
