"""The tables that steer a run: which batches count since when, which dates are computed, what was delivered at all.

Belongs here: their content and types (Parquet in home.control). Not here: the ledger (ledger.py), which
months a run is for (as_of.py), any SQL of dbt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from pipelines import durable
from pipelines.home import Home
from pipelines.landing import judged, ledger
from pipelines.landing.ledger import LoadedBatch
from pipelines.settings.workspace import Workspace, mapped_costs

_TIMESTAMP = pa.timestamp("us")
_MONEY = pa.decimal128(18, 2)
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
        ("rows_in", pa.int64()),
        ("rows_accepted", pa.int64()),
        ("rows_quarantined", pa.int64()),
        ("rows_filtered", pa.int64()),
        ("rows_lost_in_mapping", pa.int64()),
        ("amount_column", pa.string()),
        ("amount_accepted", _MONEY),
        ("amount_quarantined", _MONEY),
        ("amount_filtered", _MONEY),
        ("amount_lost_in_mapping", _MONEY),
    ]
)
"""Amounts are of the table's first required money column, in delivered currencies; NULL where nobody can tell."""
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
        ("rows_lost_in_mapping", pa.int64()),
        ("amount_filtered", _MONEY),
        ("amount_lost_in_mapping", _MONEY),
        ("waiver_note", pa.string()),
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
    _write(workspace.home, "load_batches", LOAD_BATCHES, _load_batches(workspace, batches))
    _write(
        workspace.home,
        "as_of_dates",
        AS_OF_DATES,
        _as_of_dates(workspace, as_of),
    )
    is_mapped = {**mapped_costs(workspace.sources), "revenue": "invoice_lines" in workspace.sources.tables}
    _write(workspace.home, "company", COMPANY, [(workspace.sources.time_zone,)])
    _write(workspace.home, "cost_sources", COST_SOURCES, sorted(is_mapped.items()))
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


def _load_batches(workspace: Workspace, batches: Sequence[LoadedBatch]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for place_in_order, batch in enumerate(batches, 1):
        e = batch.entry
        # A corrected batch stands where the one it replaces stood.
        place = (e.batch_id, e.table, place_in_order, e.mode, e.delivered_at)
        state = (batch.is_first, batch.superseded_at, batch.is_active)
        counts = (e.rows_in, e.rows_accepted, e.rows_quarantined, e.rows_filtered, e.rows_lost_in_mapping)
        column = main_amount(workspace, e.table)
        sums = e.amounts.get(column) if column is not None else None
        amounts = (
            (None,) * 4 if sums is None else (sums.accepted, sums.quarantined, sums.filtered, sums.lost_in_mapping)
        )
        rows.append((*place, *state, *counts, column, *amounts))
    return rows


@dataclass(frozen=True, slots=True)
class TableLeftOut:
    """Rows of a table that were delivered and do not count, with their sums of `amount_column` as delivered, of all months: in
    quarantine, lost in the SQL of the mapping, left out by `where`. None: nobody can tell, or the table has no amount."""

    table: str
    rows_quarantined: int
    rows_lost_in_mapping: int | None
    rows_filtered: int
    amount_quarantined: Decimal | None
    amount_lost_in_mapping: Decimal | None
    amount_filtered: Decimal | None
    amount_column: str | None


def left_out(workspace: Workspace) -> tuple[TableLeftOut, ...]:
    """What the batches that count leave out, of every table that leaves out something."""
    active = [batch.entry for batch in ledger.batches(ledger.read(workspace.home)) if batch.is_active]
    tables = sorted({entry.table for entry in active})
    found = [_left_out_of(workspace, name, [entry for entry in active if entry.table == name]) for name in tables]
    return tuple(each for each in found if each.rows_quarantined or each.rows_lost_in_mapping or each.rows_filtered)


def main_amount(workspace: Workspace, table: str) -> str | None:
    """The money column by which rows of a table are weighed: its first required one; None where it has none."""
    contract = workspace.contracts.get(table)
    return next((column.load_name for column in contract.money_columns if column.required), None) if contract else None


def _total(parts: Sequence[Decimal | None]) -> Decimal | None:
    """A sum, unknown where a part is."""
    known = [part for part in parts if part is not None]
    return sum(known, Decimal("0.00")) if parts and len(known) == len(parts) else None


def _left_out_of(workspace: Workspace, table: str, active: Sequence[ledger.LedgerEntry]) -> TableLeftOut:
    """What the active batches of a table leave out."""
    column = main_amount(workspace, table)
    sums = [entry.amounts[column] for entry in active if column is not None and column in entry.amounts]
    lost = [entry.rows_lost_in_mapping for entry in active]
    known = [count for count in lost if count is not None]
    return TableLeftOut(
        table,
        sum(entry.rows_quarantined for entry in active),
        sum(known) if len(known) == len(lost) else None,
        sum(entry.rows_filtered for entry in active),
        _total([each.quarantined for each in sums]),
        _total([each.lost_in_mapping for each in sums]),
        _total([each.filtered for each in sums]),
        column,
    )


def _source_coverage(workspace: Workspace, batches: Sequence[LoadedBatch]) -> list[tuple[object, ...]]:
    """One row per contract table, and one per further name the company lists as unmapped."""
    rows: list[tuple[object, ...]] = []
    unmapped = dict(workspace.sources.unmapped)
    for name, contract in workspace.contracts.items():
        active = [batch.entry for batch in batches if batch.is_active and batch.entry.table == name]
        days_from = [entry.data_from for entry in active if entry.data_from is not None]
        days_to = [entry.data_to for entry in active if entry.data_to is not None]
        left = _left_out_of(workspace, name, active)
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
                left.rows_lost_in_mapping if active else None,
                left.amount_filtered,
                left.amount_lost_in_mapping,
                _waiver_note(workspace, name, batches),
            )
        )
    nothing = (None, None, None, None)
    rows += [
        (name, None, False, False, 0, 0, 0, 0, None, None, reason, None, *nothing) for name, reason in unmapped.items()
    ]
    return sorted(rows, key=lambda row: str(row[0]))


def _waiver_note(workspace: Workspace, table: str, batches: Sequence[LoadedBatch]) -> str | None:
    """The waivers of a table that act for the newest delivery, and of a batch only while it counts."""
    active = [batch.entry for batch in batches if batch.is_active]
    day = max((workspace.sources.day(entry.delivered_at) for entry in active), default=None)
    counting = {entry.batch_id for entry in active}
    notes = [
        f"{waiver.code} ({waiver.scope}) until {waiver.until}, {waiver.who}: {waiver.why}"
        for waiver in workspace.waivers
        if waiver.table == table
        and day is not None
        and waiver.acts_on(day)
        and (waiver.batch is None or waiver.batch in counting)
    ]
    return "; ".join(notes) or None


def _write(home: Home, name: str, schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> None:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    arrays = [pa.array(list(column), type=field.type) for column, field in zip(columns, schema, strict=True)]
    durable.write_table(home.control / f"{name}.parquet", pa.Table.from_arrays(arrays, schema=schema))
