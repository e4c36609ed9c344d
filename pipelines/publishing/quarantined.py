"""What the landing set aside, for the controller: rows in quarantine, values left empty; where each lies, why, of which month, about
which money. Never a row's text or a value: it may name persons.

Belongs here: those two lists as Parquet files. Not here: quarantining (landing), judging it (data_quality).
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

UNREADABLE: Final = "unreadable_values"
UNREADABLE_KEY: Final = ("unreadable_value_number",)


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
            select
                *,
                row(
                    table_name, file_name, line_number, quarantine_reasons, batch_id, rejected_column, month_start, amount,
                    currency_code
                ) as all_columns
            from ({listed})
        )
        order by quarantined_row_number
    """
    with durable.aside(path) as aside:
        duck.write_parquet(warehouse, query, aside)
    return PublishedTable(TABLE, "controlling", path, KEY)


def write_unreadable(warehouse: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], path: Path) -> PublishedTable:
    """Write where values of optional columns could not be read and were left empty, their rows counting; returns its declaration.

    Reads quarantine.unreadable_values and control.load_batches; `amount` is what the row carries, as delivered.
    """
    domains = ", ".join(f"({literal(contract.domain)}, {literal(contract.name)})" for contract in contracts)
    query = f"""
        with contracts (domain, table_name) as (values {domains}),

        listed as (
            select
                contracts.domain, unread.table_name, unread.column_name, unread.reason, unread.file_name, unread.line_number,
                unread.amount, unread.batch_id
            from quarantine.unreadable_values as unread
            inner join contracts on unread.table_name = contracts.table_name
            where (unread.table_name, unread.batch_id) in (
                select (table_name, batch_id) from control.load_batches where is_active
            )
        )

        select cast(row_number() over (order by listed) as bigint) as unreadable_value_number, *
        from listed
        order by unreadable_value_number
    """
    with durable.aside(path) as aside:
        duck.write_parquet(warehouse, query, aside)
    return PublishedTable(UNREADABLE, "controlling", path, UNREADABLE_KEY)


def _rows(contract: Contract) -> str:
    day = contract.business_date
    month = "cast(null as date)" if day is None else f"cast(date_trunc('month', {identifier(day)}) as date)"
    money = next((column.load_name for column in contract.money_columns if column.required), None)
    names = {column.load_name for column in contract.columns}
    currency = "currency_code" if money and "currency_code" in names else "cast(null as varchar)"
    return f"""
        select {literal(contract.domain)} as domain, {literal(contract.name)} as table_name, file_name, line_number,
            quarantine_reason, quarantine_reasons, rejected_column, batch_id, {month} as month_start,
            {"cast(null as decimal(18, 2))" if money is None else identifier(money)} as amount, {currency} as currency_code
        from quarantine.{identifier(contract.name)}
        where batch_id in (
            select batch_id from control.load_batches where is_active and table_name = {literal(contract.name)}
        )
    """
