"""Typed rows -> the Parquet files of a batch, byte-identical for identical rows.

Belongs here: columns, order and form of raw and quarantine files. Not here: which rows are accepted (typed.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines import duck, durable
from pipelines.contracts import Contract
from pipelines.contracts.model import TECHNICAL_COLUMNS
from pipelines.home import Home
from pipelines.landing.typed import ROW
from pipelines.quoting import identifier, literal
from pipelines.sources import FILE
from pipelines.workshop import workshop

QUARANTINE_COLUMNS: tuple[str, ...] = ("quarantine_reason", "quarantine_reasons", "rejected_column", "raw_text")
"""VARCHAR columns a quarantine file has beside those of its raw file."""


def batch_file(zone: Path, table: str, batch_id: str) -> Path:
    """Where a batch's rows lie in the zone `home.raw` or `home.quarantine`."""
    return zone / table / f"batch={batch_id}" / "part-0.parquet"


def schema_file(zone: Path, table: str) -> Path:
    """The zero-row file that carries a table's columns and types."""
    return zone / table / "schema.parquet"


def mark_rows(connection: duckdb.DuckDBPyConnection, has_duplicates: bool) -> None:
    """Make the view `marked`: `typed` with all reasons, duplicates included, in `reasons`."""
    if not has_duplicates:
        connection.execute(
            "create temp view marked as select *, _kw_reasons as reasons, _kw_raw as raw_text from typed"
        )
        return
    connection.execute(f"""create temp view marked as
select
    t.*,
    nullif(concat_ws(', ', t._kw_reasons, d.reason), '') as reasons,
    coalesce(t._kw_raw, d.raw) as raw_text
from typed t left join duplicates d on t.{FILE} = d.{FILE} and t.{ROW} = d.{ROW}""")


def write_accepted(connection: duckdb.DuckDBPyConnection, contract: Contract, batch_id: str, target: Path) -> None:
    """Write the accepted rows of `marked` to `target`, in total order."""
    columns = [identifier(column.load_name) for column in contract.columns]
    order = [name for name in (contract.business_date, *contract.primary_key) if name is not None]
    if not contract.primary_key:
        order += [column.load_name for column in contract.columns] + ["file_name", "line_number"]
    duck.write_parquet(
        connection,
        f"select {', '.join(columns)}, {literal(batch_id)}::varchar as batch_id, file_name, line_number from marked "
        f"where reasons is null order by {_ordered(order)}",
        target,
    )


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


def ensure_schema_files(home: Home, contracts: Iterable[Contract]) -> None:
    """Write the zero-row files of `contracts` in both zones where they are missing or not what the contract says."""
    with workshop(home.temporary, "schemas") as work, duck.locked(work) as connection:
        for contract in contracts:
            columns = [(column.load_name, column.sql_type) for column in contract.columns]
            columns += [(name, sql_type) for name, sql_type, _, _ in TECHNICAL_COLUMNS]
            rejected = [(name, "VARCHAR") for name in QUARANTINE_COLUMNS]
            for zone, shape in ((home.raw, columns), (home.quarantine, columns + rejected)):
                target = schema_file(zone, contract.name)
                written = work / "schema.parquet"
                nothing = ", ".join(f"null::{sql_type} as {identifier(name)}" for name, sql_type in shape)
                duck.write_parquet(connection, f"select {nothing} where false", written)
                if not target.exists() or target.read_bytes() != written.read_bytes():
                    durable.replace_file(written, target)


def _ordered(names: list[str]) -> str:
    return ", ".join(f"{identifier(name)} asc nulls last" for name in names)
