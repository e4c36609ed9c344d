"""Visits are kept by person for 24 months (METHOD 1.17). Belongs here: taking the person out of what is older, wherever landing keeps it.
Not here: erasing one person (pipelines.persons), what follows from a visit (dbt_project).

The visit stays, with its customer, day, length and cost: no number of a customer changes, and the last contact is not forgotten. In the
place of the person of ours stands a number that tells apart who did the same kind of thing at the same moment, and nothing else: two who
went together stay two, a duplicate stays one. The person met goes without one. Age is counted from the newest delivery, not by a clock,
so the same deliveries give the same version; in whole months, so that the twelve months before every month shown by default are whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import duckdb

from pipelines import duck, durable
from pipelines.contracts import Contract
from pipelines.home import Home
from pipelines.landing import erased, ledger
from pipelines.landing.ledger import LedgerEntry
from pipelines.landing.write import batch_file
from pipelines.months import month_end
from pipelines.quoting import identifier, literal, literals
from pipelines.workshop import workshop

MONTHS: Final = 24
TABLE: Final = "activities"
FORMER: Final = "former "
"""How what stands in the place of a person of ours begins; a number follows."""

_OURS, _MET = "rep_key", "contact_key"
_ALIKE: Final = ("activity_type", "activity_at")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: rows that lost the person, and copies of delivered files that go because all of them is older than `before`."""

    before: date | None = None
    rows: int = 0
    originals: int = 0


def take_persons_out(home: Home, contracts: Mapping[str, Contract]) -> Forgotten:
    """Take the person out of visits older than 24 months; may be repeated. The caller holds the home's lock.

    Copies of files delivered before that are put on the list of those that are not kept (erased.remove_originals).
    """
    entries = [entry for entry in ledger.read(home) if entry.table == TABLE]
    if TABLE not in contracts or not entries:
        return Forgotten()
    newest = max(entry.delivered_at for entry in entries).date()
    before = month_end(newest, -MONTHS - 1) + timedelta(days=1)
    batches = {entry.batch_id: entry for entry in entries}
    with workshop(home.temporary, "retention") as work, duck.memory(home.temporary) as connection:
        rows = _raw(home, connection, batches, before, work) + _quarantine(home, connection, batches, before, work)
    return Forgotten(before, rows, _originals(home, entries, before))


def _raw(home: Home, connection: duckdb.DuckDBPyConnection, batches: Iterable[str], before: date, work: Path) -> int:
    files = [batch_file(home.raw, TABLE, batch_id) for batch_id in sorted(batches)]
    is_old = f"activity_at < {literal(before)}::date"
    names_us = f"{_OURS} is not null and not starts_with({_OURS}, {literal(FORMER)})"
    is_due = f"{is_old} and ({names_us} or {_MET} is not null)"
    counts = connection.execute(
        f"select filename, count(*) from read_parquet([{literals(files)}], filename = true, hive_partitioning = false) "
        f"where {is_due} group by filename order by filename"
    ).fetchall()
    if not counts:
        return 0
    alike = ", ".join(_ALIKE)
    # Over all batches, so that who came in another one gets another number.
    connection.execute(
        f"""
        create temp table numbered as
        with old as (
            select {alike}, {_OURS}
            from read_parquet([{literals(files)}], hive_partitioning = false) where {is_old} and {_OURS} is not null
        ),
        taken as (
            select {alike}, max(cast(substr({_OURS}, {len(FORMER) + 1}) as integer)) as number
            from old where starts_with({_OURS}, {literal(FORMER)}) group by all
        ),
        named as (
            select distinct * from old where {names_us}
        )
        select named.*, {literal(FORMER)} || (
            coalesce(taken.number, 0) + row_number() over (partition by {alike} order by {_OURS})
        ) as instead
        from named
        left join taken using ({alike})
        """
    )
    for file, _ in counts:
        query = f"""
            select kept.* replace (
                case when {is_old} then coalesce(numbered.instead, kept.{_OURS}) else kept.{_OURS} end as {_OURS},
                case when {is_old} then null else {_MET} end as {_MET}
            )
            from (
                select * from read_parquet({literal(file)}, file_row_number = true, hive_partitioning = false)
            ) as kept
            left join numbered using ({alike}, {_OURS})
            order by file_row_number
        """
        duck.write_parquet(connection, f"select * exclude (file_row_number) from ({query})", work / "part.parquet")
        durable.replace_file(work / "part.parquet", Path(file))
    connection.execute("drop table numbered")
    return sum(count for _, count in counts)


def _quarantine(
    home: Home,
    connection: duckdb.DuckDBPyConnection,
    batches: Mapping[str, LedgerEntry],
    before: date,
    work: Path,
) -> int:
    """A rejected row keeps where it stood and why. One without a day is as old as its delivery."""
    rows = 0
    personal = (_OURS, _MET, "raw_text")
    for batch_id, entry in sorted(batches.items()):
        if entry.rows_quarantined == 0:
            continue
        path = batch_file(home.quarantine, TABLE, batch_id)
        day = f"coalesce(activity_at, {literal(entry.delivered_at)}::timestamp)"
        is_due = f"{day} < {literal(before)}::date and ({' or '.join(f'{name} is not null' for name in personal)})"
        relation = f"read_parquet({literal(path)}, hive_partitioning = false)"
        ((due,),) = connection.execute(f"select count(*) from {relation} where {is_due}").fetchall()
        if due:
            emptied = ", ".join(
                f"case when not ({is_due}) then {identifier(name)} end as {identifier(name)}" for name in personal
            )
            duck.write_parquet(connection, f"select * replace ({emptied}) from {relation}", work / "part.parquet")
            durable.replace_file(work / "part.parquet", path)
            rows += int(due)
    return rows


def _originals(home: Home, entries: Iterable[LedgerEntry], before: date) -> int:
    """All of a file delivered before the limit is older than it."""
    old: set[str] = set()
    new: set[str] = set()
    for entry in entries:
        (old if entry.delivered_at.date() < before else new).update(file.sha256 for file in entry.files)
    gone = sorted(sha256 for sha256 in old - new if (home.originals / sha256).exists())
    if gone:
        erased.add(home, originals=gone)
    return len(gone)
