"""The list of quarantined rows for the controller: where each lies and why. Never the row's text, it may name persons.

Belongs here: that list as one Parquet file. Not here: quarantining (landing), judging it (data_quality).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

from pipelines import duck, durable
from pipelines.contracts import Contract
from pipelines.publishing.tables import PublishedTable
from pipelines.quoting import identifier, literal

TABLE: Final = "quarantined_rows"
KEY: Final = ("quarantined_row_number",)
"""1..n over the rows ordered by everything the list says: a SQL mapping may give neither file nor line."""


def write(warehouse: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], path: Path) -> PublishedTable:
    """Write the rows in quarantine of the batches that count to `path` (Parquet, 0600); returns its declaration.

    Reads quarantine.<table> and control.load_batches. The same rows give the same bytes, whatever their order.
    """
    listed = "\nunion all\n".join(_rows(contract) for contract in contracts)
    query = f"""
        select
            cast(row_number() over (order by all_columns) as bigint) as quarantined_row_number,
            * exclude all_columns
        from (
            select *, row(table_name, file_name, line_number, quarantine_reasons, batch_id, rejected_column)
                as all_columns
            from ({listed})
        )
        order by quarantined_row_number
    """
    with durable.aside(path) as aside:
        duck.write_parquet(warehouse, query, aside)
    return PublishedTable(TABLE, "controlling", path, KEY)


def _rows(contract: Contract) -> str:
    return f"""
        select {literal(contract.domain)} as domain, {literal(contract.name)} as table_name, file_name, line_number,
            quarantine_reason, quarantine_reasons, rejected_column, batch_id
        from quarantine.{identifier(contract.name)}
        where batch_id in (
            select batch_id from control.load_batches where is_active and table_name = {literal(contract.name)}
        )
    """
