"""Typed rows -> the Parquet files of a batch, byte-identical for identical rows.

Belongs here: columns, order and form of raw and quarantine files. Not here: which rows are accepted (typed.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines import durable
from pipelines.contracts import Contract
from pipelines.contracts.model import TECHNICAL_COLUMNS
from pipelines.duck import open_connection
from pipelines.home import Home
from pipelines.landing.typed import ROW
from pipelines.quoting import identifier, literal
from pipelines.sources import FILE

QUARANTINE_COLUMNS: tuple[str, ...] = ("quarantine_reason", "quarantine_reasons", "rejected_column", "raw_text")
"""VARCHAR columns a quarantine file has beside those of its raw file."""

FORM = "format parquet, compression zstd, row_group_size 122880"
"""Pinned, so that bytes depend on rows only."""


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
    connection.execute(
        f"copy (select {', '.join(columns)}, {literal(batch_id)}::varchar as batch_id, file_name, line_number from "
        f"marked "
        f"where reasons is null order by {_ordered(order)}) to {literal(target)} ({FORM})"
    )


def write_quarantined(connection: duckdb.DuckDBPyConnection, contract: Contract, batch_id: str, target: Path) -> None:
    """Write the rejected rows of `marked` to `target`, in total order."""
    columns = [identifier(column.load_name) for column in contract.columns]
    first = "split_part(reasons, ', ', 1)"
    order = [*([contract.business_date] if contract.business_date else []), *contract.primary_key]
    order += [column.load_name for column in contract.columns]
    everything = ["file_name", "line_number", *dict.fromkeys(order), "quarantine_reasons", "raw_text"]
    connection.execute(
        f"copy (select {', '.join(columns)}, {literal(batch_id)}::varchar as batch_id, file_name, line_number, "
        f"split_part({first}, ':', 1) as quarantine_reason, regexp_replace(reasons, ':(,|$)', '\\1', 'g') as "
        f"quarantine_reasons, "
        f"nullif(split_part({first}, ':', 2), '') as rejected_column, raw_text from marked where reasons is not null "
        f"order by {_ordered(everything)}) to {literal(target)} ({FORM})"
    )


def put(written: Path, target: Path) -> None:
    """Move a finished file to its place, durably, with every directory that had to be made."""
    missing = [parent for parent in target.parents if not parent.exists()]
    durable.replace_file(written, target)
    for parent in missing:
        durable.sync_directory(parent.parent)


def ensure_schema_files(home: Home, contracts: Iterable[Contract]) -> None:
    """Write the zero-row files of `contracts` in both zones where they are missing or not what the contract says."""
    home.temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_connection() as connection:
        for contract in contracts:
            columns = [(column.load_name, column.sql_type) for column in contract.columns]
            columns += [(name, sql_type) for name, sql_type, _, _ in TECHNICAL_COLUMNS]
            rejected = [(name, "VARCHAR") for name in QUARANTINE_COLUMNS]
            for zone, shape in ((home.raw, columns), (home.quarantine, columns + rejected)):
                target = schema_file(zone, contract.name)
                aside = home.temporary / f"schema-{os.getpid()}.parquet"
                nothing = ", ".join(f"null::{sql_type} as {identifier(name)}" for name, sql_type in shape)
                connection.execute(f"copy (select {nothing} where false) to {literal(aside)} ({FORM})")
                if target.exists() and target.read_bytes() == aside.read_bytes():
                    aside.unlink()
                else:
                    aside.chmod(0o600)
                    put(aside, target)


def _ordered(names: list[str]) -> str:
    return ", ".join(f"{identifier(name)} asc nulls last" for name in names)
