"""The list of quarantined rows for the controller: where each lies and why. Never the row's text, it may name persons.

Belongs here: that list as one Parquet file. Not here: quarantining (landing), judging it (data_quality).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

from pipelines import durable
from pipelines.contracts import Contract
from pipelines.publishing import export
from pipelines.publishing.tables import PublishedTable

TABLE: Final = "quarantined_rows"
KEY: Final = ("quarantined_row_number",)
"""1..n over the rows ordered by everything the list says: a SQL mapping may give neither file nor line."""


def write(warehouse: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], path: Path) -> PublishedTable:
    """Write the rows in quarantine of the batches that count to `path` (Parquet, 0600); returns its declaration.

    Reads quarantine.<table> and control.load_batches. The same rows give the same bytes, whatever their order.
    """
    listed = "\nunion all\n".join(_rows(contract) for contract in contracts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.aside")
    warehouse.execute(
        f"""
        copy (
            select
                cast(row_number() over (order by all_columns) as bigint) as quarantined_row_number,
                * exclude all_columns
            from (
                select *, row(table_name, file_name, line_number, quarantine_reasons, batch_id, rejected_column)
                    as all_columns
                from ({listed})
            )
            order by quarantined_row_number
        ) to {export.text(aside)} ({export.OPTIONS})
        """
    )
    aside.chmod(0o600)
    durable.replace_file(aside, path)
    return PublishedTable(TABLE, "controlling", path, KEY)


def _rows(contract: Contract) -> str:
    return f"""
        select '{contract.domain}' as domain, '{contract.name}' as table_name, file_name, line_number,
            quarantine_reason, quarantine_reasons, rejected_column, batch_id
        from quarantine.{contract.name}
        where batch_id in (
            select batch_id from control.load_batches where is_active and table_name = '{contract.name}'
        )
    """
