"""The tables that steer a run: which batches count since when, which dates are computed, what was delivered at all.

Belongs here: their content and types (Parquet in home.control). Not here: the ledger (ledger.py), which
months a run is for (as_of.py), any SQL of dbt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from pipelines import durable
from pipelines.home import Home
from pipelines.landing import judged, ledger
from pipelines.landing.ledger import LoadedBatch
from pipelines.settings.workspace import Workspace, mapped_costs

_TIMESTAMP = pa.timestamp("us")
LOAD_BATCHES = pa.schema(
    [
        ("batch_id", pa.string()),
        ("table_name", pa.string()),
        ("sequence", pa.int32()),
        ("mode", pa.string()),
        ("delivered_at", _TIMESTAMP),
        ("is_first", pa.bool_()),
        ("superseded_at", _TIMESTAMP),
        ("is_active", pa.bool_()),
    ]
)
AS_OF_DATES = pa.schema(
    [
        ("as_of_date", pa.date32()),
        ("known_at", _TIMESTAMP),
        ("is_latest", pa.bool_()),
        ("is_open_month", pa.bool_()),
        ("judged_from", pa.date32()),
        ("is_shown", pa.bool_()),
    ]
)
"""Every judged month of the run. Only shown ones are published; the others are there for the zones of these."""
COST_SOURCES = pa.schema([("cost", pa.string()), ("is_mapped", pa.bool_())])
COMPANY = pa.schema([("time_zone", pa.string())])
SOURCE_COVERAGE = pa.schema(
    [
        ("table_name", pa.string()),
        ("domain", pa.string()),
        ("is_mapped", pa.bool_()),
        ("is_delivered", pa.bool_()),
        ("rows_accepted", pa.int64()),
        ("rows_quarantined", pa.int64()),
        ("rows_filtered", pa.int64()),
        ("rows_skipped", pa.int64()),
        ("data_from", pa.date32()),
        ("data_to", pa.date32()),
        ("note", pa.string()),
        ("max_age_days", pa.int32()),
    ]
)


@dataclass(frozen=True, order=True, slots=True)
class AsOf:
    """One date to compute: true for `as_of_date`, as known at `known_at` (UTC without zone), when its month was over or still open."""

    as_of_date: date
    known_at: datetime
    is_open_month: bool = False


def write_control(workspace: Workspace, as_of: tuple[AsOf, ...]) -> None:
    """Write load_batches, as_of_dates, company, cost_sources and source_coverage, each atomically and in total order.

    `as_of` are the dates to show; the months their zones are replayed over come with them. Raises ValueError if `as_of` is
    empty or holds a date twice.
    """
    dates = [moment.as_of_date for moment in as_of]
    if not dates or len(set(dates)) != len(dates):
        raise ValueError("as_of must hold at least one date, and each date once")
    batches = ledger.batches(ledger.read(workspace.home))
    _write(workspace.home, "load_batches", LOAD_BATCHES, _load_batches(batches))
    _write(
        workspace.home,
        "as_of_dates",
        AS_OF_DATES,
        _as_of_dates(workspace, as_of),
    )
    _write(workspace.home, "company", COMPANY, [(workspace.sources.time_zone,)])
    _write(workspace.home, "cost_sources", COST_SOURCES, sorted(mapped_costs(workspace.sources).items()))
    _write(workspace.home, "source_coverage", SOURCE_COVERAGE, _source_coverage(workspace, batches))


def _as_of_dates(workspace: Workspace, as_of: tuple[AsOf, ...]) -> list[tuple[object, ...]]:
    latest = max(as_of)
    begin = judged.beginning(workspace.home, workspace.portfolio, latest.known_at)
    own = {moment.as_of_date: moment for moment in as_of}
    return [
        (
            month.as_of_date,
            own[month.as_of_date].known_at if month.as_of_date in own else latest.known_at,
            month.as_of_date == latest.as_of_date,
            month.as_of_date in own and own[month.as_of_date].is_open_month,
            month.judged_from,
            month.is_shown,
        )
        for month in judged.judged_months(own, begin)
    ]


def _load_batches(batches: Sequence[LoadedBatch]) -> list[tuple[object, ...]]:
    return [
        (e.batch_id, e.table, e.sequence, e.mode, e.delivered_at, batch.is_first, batch.superseded_at, batch.is_active)
        for batch in batches
        for e in (batch.entry,)
    ]


def _source_coverage(workspace: Workspace, batches: Sequence[LoadedBatch]) -> list[tuple[object, ...]]:
    """One row per contract table, and one per further name the company lists as unmapped."""
    rows: list[tuple[object, ...]] = []
    unmapped = dict(workspace.sources.unmapped)
    for name, contract in workspace.contracts.items():
        active = [batch.entry for batch in batches if batch.is_active and batch.entry.table == name]
        days_from = [entry.data_from for entry in active if entry.data_from is not None]
        days_to = [entry.data_to for entry in active if entry.data_to is not None]
        rows.append(
            (
                name,
                contract.domain,
                name in workspace.sources.tables,
                bool(active),
                sum(entry.rows_accepted for entry in active),
                sum(entry.rows_quarantined for entry in active),
                sum(entry.rows_filtered for entry in active),
                sum(entry.rows_skipped for entry in active),
                min(days_from, default=None),
                max(days_to, default=None),
                unmapped.pop(name, None),
                workspace.sources.tables[name].max_age_days if name in workspace.sources.tables else None,
            )
        )
    rows += [(name, None, False, False, 0, 0, 0, 0, None, None, reason, None) for name, reason in unmapped.items()]
    return sorted(rows, key=lambda row: str(row[0]))


def _write(home: Home, name: str, schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> None:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    arrays = [pa.array(list(column), type=field.type) for column, field in zip(columns, schema, strict=True)]
    durable.write_table(home.control / f"{name}.parquet", pa.Table.from_arrays(arrays, schema=schema))
