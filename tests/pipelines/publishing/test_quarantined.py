"""The controller's list of quarantined rows: complete, in total order, without the rows' text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import load_contracts
from pipelines.publishing import quarantined

CANARY = "PERSON-CANARY-4711"
ROWS = (
    "('b1', 'lines.csv', 7, 'NUM_FORMAT', 'NUM_FORMAT:cogs', 'cogs')",
    "('b1', 'lines.csv', 5, 'NULL_REQUIRED', 'NULL_REQUIRED:customer_id', 'customer_id')",
    "('b1', null, null, 'DUP_EXACT', 'DUP_EXACT:', null)",
    "('b1', null, null, 'DUP_EXACT', 'DUP_EXACT:', null)",
    "('old', 'lines.csv', 1, 'NUM_FORMAT', 'NUM_FORMAT:cogs', 'cogs')",
)


def listed(path: Path, rows: tuple[str, ...]) -> list[tuple[object, ...]]:
    names = ("invoice_lines", "customers")
    with duckdb.connect() as connection:
        connection.execute("create schema quarantine; create schema control")
        connection.execute(
            """create table control.load_batches as
            select * from (values ('b1', 'invoice_lines', true), ('old', 'invoice_lines', false)) as
            t (batch_id, table_name, is_active)"""
        )
        for name in names:
            connection.execute(
                f"""create table quarantine.{name} (batch_id varchar, file_name varchar, line_number bigint,
                quarantine_reason varchar, quarantine_reasons varchar, rejected_column varchar,
                raw_text varchar default '{CANARY}', customer_id varchar default '{CANARY}',
                posting_date date default date '2026-09-17', gross_list_amount decimal(18, 2) default 12.50,
                currency_code varchar default 'EUR')"""
            )
        columns = "batch_id, file_name, line_number, quarantine_reason, quarantine_reasons, rejected_column"
        connection.execute(f"insert into quarantine.invoice_lines ({columns}) values {', '.join(rows)}")
        table = quarantined.write(connection, [load_contracts()[name] for name in names], path)
        assert (table.name, table.audience, table.relation, table.order_by) == (
            "quarantined_rows",
            "controlling",
            path,
            ("quarantined_row_number",),
        )
        return connection.execute(f"from '{path}'").fetchall()


def test_rows_of_batches_that_count_are_listed_in_order(tmp_path: Path) -> None:
    rows = listed(tmp_path / "q.parquet", ROWS)
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert [row[3:5] for row in rows] == [
        ("lines.csv", 5),
        ("lines.csv", 7),
        (None, None),
        (None, None),
    ]
    assert rows[0][1:3] == ("erp", "invoice_lines")
    assert rows[0][-3:] == (date(2026, 9, 1), Decimal("12.50"), "EUR")
    assert (tmp_path / "q.parquet").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", [1, -1])
def test_the_order_in_quarantine_does_not_change_the_bytes(tmp_path: Path, step: int) -> None:
    listed(tmp_path / "a.parquet", ROWS)
    listed(tmp_path / "b.parquet", (*ROWS[2:], *ROWS[:2])[::step])
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_no_text_of_a_row_is_listed(tmp_path: Path) -> None:
    rows = listed(tmp_path / "q.parquet", ROWS)
    assert CANARY not in repr(rows)
    assert CANARY.encode() not in (tmp_path / "q.parquet").read_bytes()


def test_nothing_in_quarantine_gives_a_typed_empty_file(tmp_path: Path) -> None:
    assert listed(tmp_path / "q.parquet", (ROWS[-1],)) == []


def test_values_left_empty_are_listed_without_what_they_said(tmp_path: Path) -> None:
    contracts = [load_contracts()[name] for name in ("invoice_lines", "customers")]
    with duckdb.connect() as connection:
        connection.execute("create schema quarantine; create schema control")
        connection.execute(
            f"""create table quarantine.unreadable_values as select * from (values
            ('invoice_lines', '1|2', 'quantity', 'NUM_FORMAT', '{CANARY}', 3.50::decimal(18, 2), 'b1', 'lines.csv', 9),
            ('invoice_lines', '1|1', 'quantity', 'NUM_FORMAT', '{CANARY}', null, 'b1', 'lines.csv', 4),
            ('invoice_lines', '0|1', 'quantity', 'NUM_FORMAT', '{CANARY}', 1, 'old', 'lines.csv', 4)) as
            t (table_name, row_key, column_name, reason, raw_value, amount, batch_id, file_name, line_number)"""
        )
        connection.execute(
            "create table control.load_batches as from (values ('b1', 'invoice_lines', true), "
            "('old', 'invoice_lines', false)) as t (batch_id, table_name, is_active)"
        )
        table = quarantined.write_unreadable(connection, contracts, tmp_path / "u.parquet")
        rows = connection.execute(f"from '{tmp_path / 'u.parquet'}'").fetchall()
    assert (table.name, table.audience, table.order_by) == (
        "unreadable_values",
        "controlling",
        ("unreadable_value_number",),
    )
    assert rows == [
        (1, "erp", "invoice_lines", "quantity", "NUM_FORMAT", "lines.csv", 4, None, "b1"),
        (2, "erp", "invoice_lines", "quantity", "NUM_FORMAT", "lines.csv", 9, Decimal("3.50"), "b1"),
    ]
    assert CANARY.encode() not in (tmp_path / "u.parquet").read_bytes()
