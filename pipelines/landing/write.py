"""Typed rows -> the Parquet files of a batch, byte-identical for identical rows.

Belongs here: columns, order and form of raw and quarantine files. Not here: which rows are accepted (typed.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from pipelines import duck, durable
from pipelines.contracts import Contract
from pipelines.contracts.model import TECHNICAL_COLUMNS
from pipelines.home import Home
from pipelines.landing.ledger import LedgerEntry
from pipelines.landing.records import ROW
from pipelines.quoting import identifier, literal
from pipelines.sources import FILE
from pipelines.workshop import workshop

QUARANTINE_COLUMNS: tuple[str, ...] = ("quarantine_reason", "quarantine_reasons", "rejected_column", "raw_text")
"""VARCHAR columns a quarantine file has beside those of its raw file."""


UNREADABLE_VALUES = "unreadable_values"
"""Values of accepted rows that could not be read and are left empty: a table of the quarantine zone, for all contracts."""

UNREADABLE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("table_name", "VARCHAR"),
    ("row_key", "VARCHAR"),
    ("column_name", "VARCHAR"),
    ("reason", "VARCHAR"),
    ("raw_value", "VARCHAR"),
    ("amount", "DECIMAL(18,2)"),
    ("batch_id", "VARCHAR"),
    ("file_name", "VARCHAR"),
    ("line_number", "BIGINT"),
)
"""Its columns. `row_key`: the values of the row's key, joined by |; `amount`: the row's first required amount, in the delivered
currency; `raw_value`: the text as delivered, so nobody reads it who may not read landing."""

_SHAPE = "kundenwert_shape"
"""Under this name a zero-row file tells what it was made for."""


def batch_file(zone: Path, table: str, batch_id: str) -> Path:
    """Where a batch's rows lie in the zone `home.raw` or `home.quarantine`."""
    return zone / table / f"batch={batch_id}" / "part-0.parquet"


def batch_files(home: Home, entry: LedgerEntry) -> tuple[Path, ...]:
    """Every file a committed batch consists of."""
    zones = [(home.raw, entry.table), (home.quarantine, entry.table)]
    zones += [(home.quarantine, UNREADABLE_VALUES)] if entry.values_unreadable else []
    return tuple(batch_file(zone, table, entry.batch_id) for zone, table in zones)


def schema_file(zone: Path, table: str) -> Path:
    """The zero-row file that carries a table's columns and types."""
    return zone / table / "schema.parquet"


def mark_rows(connection: duckdb.DuckDBPyConnection, has_duplicates: bool, is_erased: str = "false") -> None:
    """Make the view `marked`: `typed` with all reasons, duplicates included, in `reasons`; of rows that name an erased person (the
    condition `is_erased`) not as delivered."""
    if not has_duplicates:
        connection.execute(
            "create temp view marked as select *, _kw_reasons as reasons, _kw_raw as raw_text from typed"
        )
        return
    connection.execute(f"""create temp view marked as
select
    t.*,
    nullif(concat_ws(', ', t._kw_reasons, d.reason), '') as reasons,
    case when not ({is_erased}) then coalesce(t._kw_raw, d.raw) end as raw_text
from typed t left join duplicates d on t.{FILE} = d.{FILE} and t.{ROW} = d.{ROW}""")


def write_accepted(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    batch_id: str,
    target: Path,
    *,
    constants: Mapping[str, str],
    is_table: bool,
) -> None:
    """Write the accepted rows of `marked` to `target`, in total order.

    `constants` are columns that are the same in every row, as expressions. `is_table`: `marked` shows the rows of one
    table, so they come in the same order whenever they are read.
    """
    order = [name for name in (contract.business_date, *contract.primary_key) if name is not None]
    if not contract.primary_key:
        order += [column.load_name for column in contract.columns] + ["file_name", "line_number"]
    order = [name for name in order if name not in constants]
    accepted = "select * from marked where reasons is null"
    if not (is_table and contract.primary_key and _is_ordered(connection, accepted, order)):
        accepted += f" order by {_ordered(order)}"
    # What is the same in every row is not carried through the sorting.
    same = {**constants, "batch_id": f"{literal(batch_id)}::varchar"}
    columns = [*(column.load_name for column in contract.columns), "batch_id", "file_name", "line_number"]
    shown = ", ".join(f"{same[name]} as {identifier(name)}" if name in same else identifier(name) for name in columns)
    duck.write_parquet(connection, f"select {shown} from ({accepted})", target)


def _is_ordered(connection: duckdb.DuckDBPyConnection, query: str, order: Sequence[str]) -> bool:
    """Whether a query's rows come in this order as they are: looking costs a tenth of sorting, and deliveries often
    do."""
    if not order:
        return True
    now = ", ".join(f"{identifier(name)} as n{position}" for position, name in enumerate(order))
    row_now = f"row({', '.join(f'n{position}' for position in range(len(order)))})"
    found = connection.execute(
        f"select 1 from (select {row_now} as now, lag({row_now}) over () as before, row_number() over () as number "
        f"from (select {now} from ({query}))) where number > 1 and (now > before) is not true limit 1"
    ).fetchone()
    return found is None


def write_quarantined(connection: duckdb.DuckDBPyConnection, contract: Contract, batch_id: str, target: Path) -> None:
    """Write the rejected rows of `marked` to `target`, in total order."""
    columns = [identifier(column.load_name) for column in contract.columns]
    first = "split_part(reasons, ', ', 1)"
    order = [*([contract.business_date] if contract.business_date else []), *contract.primary_key]
    order += [column.load_name for column in contract.columns]
    everything = ["file_name", "line_number", *dict.fromkeys(order), "quarantine_reasons", "raw_text"]
    duck.write_parquet(
        connection,
        f"select {', '.join(columns)}, {literal(batch_id)}::varchar as batch_id, file_name, line_number, "
        f"split_part({first}, ':', 1) as quarantine_reason, regexp_replace(reasons, ':(,|$)', '\\1', 'g') as "
        f"quarantine_reasons, "
        f"nullif(split_part({first}, ':', 2), '') as rejected_column, raw_text from marked where reasons is not null "
        f"order by {_ordered(everything)}",
        target,
    )


def write_unreadable(connection: duckdb.DuckDBPyConnection, contract: Contract, batch_id: str, target: Path) -> None:
    """Write the unreadable values of the accepted rows of `marked` to `target`, in total order."""
    parts = ", ".join(f"{identifier(name)}::varchar" for name in contract.primary_key)
    key = f"concat_ws('|', {parts})" if parts else "null::varchar"
    amount = next((identifier(column.load_name) for column in contract.money_columns if column.required), "null")
    duck.write_parquet(
        connection,
        f"select {literal(contract.name)}::varchar as table_name, row_key, cell.column_name as column_name, cell.reason as "
        f"reason, cell.raw_value as raw_value, amount, {literal(batch_id)}::varchar as batch_id, file_name, line_number "
        f"from (select {key} as row_key, {amount}::decimal(18, 2) as amount, file_name, line_number, "
        f"unnest(_kw_unreadable) as cell from marked where reasons is null and _kw_unreadable is not null) "
        f"order by {_ordered(['file_name', 'line_number', 'row_key'])}, column_name, raw_value",
        target,
    )


def has_schema_files(home: Home, contract: Contract) -> bool:
    """Whether a table's zero-row files are there in both zones, as the contract says."""
    return all(_has_shape(schema_file(zone, contract.name), shape) for zone, shape in _shapes(home, contract))


def ensure_schema_files(home: Home, contracts: Iterable[Contract]) -> None:
    """Write the zero-row files of `contracts` in both zones where they are missing or not what the contract says."""
    wanted = [
        (schema_file(zone, contract.name), shape) for contract in contracts for zone, shape in _shapes(home, contract)
    ]
    wanted.append((schema_file(home.quarantine, UNREADABLE_VALUES), UNREADABLE_COLUMNS))
    outdated = [(target, shape) for target, shape in wanted if not _has_shape(target, shape)]
    if not outdated:
        return
    with workshop(home.temporary, "schemas") as work, duck.locked(work) as connection:
        for target, shape in outdated:
            written = work / "schema.parquet"
            nothing = ", ".join(f"null::{sql_type} as {identifier(name)}" for name, sql_type in shape)
            duck.write_parquet(connection, f"select {nothing} where false", written, {_SHAPE: _mark(shape)})
            durable.replace_file(written, target)


def _shapes(home: Home, contract: Contract) -> Iterable[tuple[Path, Sequence[tuple[str, str]]]]:
    """Zone -> columns and types of its files."""
    columns = [(column.load_name, column.sql_type) for column in contract.columns]
    columns += [(name, sql_type) for name, sql_type, _, _ in TECHNICAL_COLUMNS]
    return (home.raw, columns), (home.quarantine, [*columns, *((name, "VARCHAR") for name in QUARANTINE_COLUMNS)])


def _has_shape(target: Path, shape: Sequence[tuple[str, str]]) -> bool:
    """Whether the file says so itself: that takes no connection, and a table with nothing new needs none."""
    return target.exists() and _mark(shape).encode() in target.read_bytes()


def _mark(shape: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256(f"{duck.FORM} {duckdb.__version__} {shape}".encode()).hexdigest()


def _ordered(names: list[str]) -> str:
    return ", ".join(f"{identifier(name)} asc nulls last" for name in names)
