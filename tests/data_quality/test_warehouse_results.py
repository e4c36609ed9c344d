"""Reconciliation, exchange rates and quarantined amounts as check results."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from data_quality.warehouse_results import (
    BOOKED_NETS,
    WITHOUT_RATE,
    booked_net_results,
    fx_results,
    quarantine_results,
    quarantined_ledger_results,
    reconciliation_results,
    unreadable_results,
)
from pipelines.checks import is_green
from pipelines.contracts import load_contracts
from tests.data_quality.samples import build


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        build(opened, ["invoice_lines", "open_items"])
        yield opened


def reconcile(connection: duckdb.DuckDBPyConnection, *rows: str) -> None:
    values = ", ".join(rows)
    connection.execute(
        f"""create or replace table marts.mart_reconciliation as
        select '10' as company_id, cast(period as varchar) as period, cast(account_group as varchar) as account_group,
            cast(status as varchar) as status, cast(difference as decimal(18, 2)) as difference
        from (values {values}) as t (period, account_group, status, difference)"""
    )


@pytest.mark.parametrize(
    ("row", "passed", "severity"),
    [
        ("('2025-01', 'cogs', 'reconciled', 0.00)", True, "critical"),
        ("('2025-01', 'cogs', 'not_available', null)", True, "info"),
        ("('2025', 'cogs', 'not_available', null)", True, "info"),
        ("('2025-01', 'cogs', 'cost_unknown', null)", True, "info"),
        ("('2025-01', 'cogs', 'within_year', null)", True, "info"),
        ("('2025', 'cogs', 'blocking_error', null)", False, "critical"),
        ("('2025-01', 'cogs', 'difference', 0.01)", False, "critical"),
        ("('2025-01', 'cogs', 'difference', null)", False, "critical"),
        ("('2025-01', 'cogs', 'difference', 0.00)", False, "critical"),
        ("('2025-01', 'cogs', 'reconciled', -0.01)", False, "critical"),
        ("('2025-01', 'cogs', 'reconciled', null)", False, "critical"),
        ("('2025-01', 'cogs', 'a new word', 0.00)", False, "critical"),
        ("('unknown', 'cogs', 'undated', null)", False, "warning"),
    ],
)
def test_a_period(connection: duckdb.DuckDBPyConnection, row: str, passed: bool, severity: str) -> None:
    reconcile(connection, row)
    results = reconciliation_results(connection)
    assert (results[0].passed, results[0].severity) == (passed, severity)
    assert len(results) == (1 if passed else 2)


def test_one_cent_is_named_with_period_and_group(connection: duckdb.DuckDBPyConnection) -> None:
    reconcile(connection, "('2025-01', 'cogs', 'reconciled', 0.00)", "('2025-02', 'marketing', 'difference', -0.01)")
    difference, others = reconciliation_results(connection)
    assert difference.blocks
    assert (difference.where, difference.observed, difference.limit, difference.amount) == (
        "legal entity 10, period 2025-02, account group marketing",
        "-0.01",
        "0.00",
        Decimal("-0.01"),
    )
    assert others.passed and others.observed == "1 equal, 0 without a ledger total, 1 different"


def test_several_as_of_dates_name_a_difference_once(connection: duckdb.DuckDBPyConnection) -> None:
    reconcile(connection, *["('2025-02', 'cogs', 'difference', 0.01)"] * 3)
    assert len(reconciliation_results(connection)) == 2


def test_a_ledger_row_in_quarantine_blocks_whatever_its_amount(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema if not exists staging")
    connection.execute("create table staging.stg_erp__quarantined_ledger_totals (amount decimal(18, 2))")
    (fine,) = quarantined_ledger_results(connection)
    assert fine.passed
    connection.execute("insert into staging.stg_erp__quarantined_ledger_totals values (0.00)")
    (found,) = quarantined_ledger_results(connection)
    assert found.blocks and found.observed == "1"


def test_no_reconciliation_blocks(connection: duckdb.DuckDBPyConnection) -> None:
    (missing,) = reconciliation_results(connection)
    assert missing.blocks
    reconcile(connection, "('2025-02', 'cogs', 'reconciled', 0.00)")
    connection.execute("delete from marts.mart_reconciliation")
    (empty,) = reconciliation_results(connection)
    assert empty.blocks


def without_rate(connection: duckdb.DuckDBPyConnection, *rows: str) -> None:
    connection.execute(
        """create table intermediate.int_contribution__amounts_without_rate (table_name varchar, currency_code varchar,
            needed_on date, row_count bigint, amount decimal(18, 2))"""
    )
    if rows:
        connection.execute(f"insert into {WITHOUT_RATE} values {', '.join(rows)}")


def test_all_rates_there(connection: duckdb.DuckDBPyConnection) -> None:
    without_rate(connection)
    (result,) = fx_results(connection)
    assert result.passed


def test_a_missing_rate_is_named_per_table_and_currency_with_days_rows_and_amount(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    without_rate(
        connection,
        "('invoice_lines', 'USD', '2025-02-03', 2, 20.00)",
        "('invoice_lines', 'USD', '2025-01-15', 1, 5.50)",
        "('invoice_lines', 'CHF', '2025-01-15', 1, 1.00)",
        "('open_items', 'USD', '2025-01-15', 4, 8.00)",
    )
    francs, dollars, items = fx_results(connection)
    assert all(result.blocks and result.limit == "0 days" for result in (francs, dollars, items))
    assert dollars.what == "no exchange rate for USD on 2 days from 2025-01-15 to 2025-02-03"
    assert (dollars.where, dollars.observed, dollars.rows, dollars.amount) == (
        "invoice_lines, USD", "2 days", 3, Decimal("25.50"),
    )  # fmt: skip
    assert (francs.where, items.where) == ("invoice_lines, CHF", "open_items, USD")


def test_rates_not_computed_block(connection: duckdb.DuckDBPyConnection) -> None:
    (result,) = fx_results(connection)
    assert result.blocks and result.check_id == "fx.computed"


def quarantine(
    connection: duckdb.DuckDBPyConnection, amount: str, reason: str = "NUM_FORMAT", batch: str = "b1"
) -> None:
    connection.execute(
        f"""insert into quarantine.open_items by name
        select 'I1' as invoice_id, cast({amount} as decimal(18, 2)) as amount, '{batch}' as batch_id,
            '{reason}' as quarantine_reason"""
    )


@pytest.mark.parametrize(
    ("amount", "reason", "batch", "passed"),
    [
        ("null", "NUM_FORMAT", "b1", False),
        ("null", "DUP_EXACT", "b1", True),
        ("null", "NUM_FORMAT", "superseded", True),
        ("12.50", "DATE_INVALID", "b1", True),
    ],
)
def test_quarantined_amounts(
    connection: duckdb.DuckDBPyConnection, amount: str, reason: str, batch: str, passed: bool
) -> None:
    quarantine(connection, amount, reason, batch)
    results = quarantine_results(connection, load_contracts())
    (result,) = [each for each in results if each.subject == "open_items"]
    assert (result.passed, result.severity, result.rows) == (passed, "critical", 0 if passed else 1)
    assert is_green(results) is passed


def test_only_tables_with_a_required_amount_are_looked_at(connection: duckdb.DuckDBPyConnection) -> None:
    subjects = {result.subject for result in quarantine_results(connection, load_contracts())}
    assert subjects >= {"invoice_lines", "open_items", "direct_costs", "ledger_totals"}
    assert not subjects & {"customers", "orders", "ratings", "products"}


def booked(connection: duckdb.DuckDBPyConnection, *rows: str) -> None:
    connection.execute(
        f"""create table {BOOKED_NETS} (company_id varchar, currency_code varchar, local_currency_code varchar,
            is_one_currency boolean, line_count bigint, contradicted_line_count bigint, same_number_line_count bigint,
            amount decimal(18, 2), file_name varchar, line_number bigint)"""
    )
    if rows:
        connection.execute(f"insert into {BOOKED_NETS} values {', '.join(rows)}")


def test_booked_nets_that_agree_pass(connection: duckdb.DuckDBPyConnection) -> None:
    booked(connection, "('DE', 'USD', 'EUR', false, 12, 0, 0, 0.00, null, null)")
    (result,) = booked_net_results(connection)
    assert result.passed


def test_a_booked_net_that_is_not_the_line_s_is_told_with_its_money(connection: duckdb.DuckDBPyConnection) -> None:
    booked(connection, "('DE', 'EUR', 'EUR', true, 24, 12, 0, 1080.00, 'rechnungen.csv', 2)")
    (result,) = booked_net_results(connection)
    assert (result.blocks, result.passed, result.rows, result.amount) == (False, False, 12, Decimal("1080.00"))
    assert "rechnungen.csv:2" in result.where


@pytest.mark.parametrize(("same_number", "blocks"), [(12, True), (1, True), (0, False)])
def test_booked_nets_in_another_currency_than_said_block(
    connection: duckdb.DuckDBPyConnection, same_number: int, blocks: bool
) -> None:
    """900 francs and 900 euros: the number is the line's own, the rate says otherwise."""
    booked(connection, f"('CH', 'CHF', 'EUR', false, 12, 12, {same_number}, 568.44, 'rechnungen.csv', 2)")
    (result,) = booked_net_results(connection)
    assert (result.blocks, "local_currency_code" in result.remedy) == (blocks, True)


def test_booked_nets_not_compared_block(connection: duckdb.DuckDBPyConnection) -> None:
    (result,) = booked_net_results(connection)
    assert result.blocks


def test_a_company_without_invoice_lines_has_nothing_to_reconcile(connection: duckdb.DuckDBPyConnection) -> None:
    reconcile(connection, "('2025-02', 'cogs', 'reconciled', 0.00)")
    connection.execute("delete from marts.mart_reconciliation")
    connection.execute("create or replace table control.cost_sources as select 'revenue' as cost, false as is_mapped")
    (result,) = reconciliation_results(connection)
    assert (result.passed, result.severity) == (True, "info")


def test_an_unreadable_credit_limit_weighs_what_its_customers_buy(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """create table quarantine.unreadable_values as select * from (values
            ('customers', '100', 'credit_limit', 'b1'), ('customers', '200', 'credit_limit', 'b1'),
            ('customers', '300', 'credit_limit', 'old'), ('invoice_lines', '100', 'cogs', 'b2')
        ) as t (table_name, row_key, column_name, batch_id)"""
    )
    connection.execute(
        """create or replace table control.load_batches as
        select 'b1' as batch_id, 'customers' as table_name, true as is_active"""
    )
    connection.execute(
        """create table marts.fct_customer_contribution as select * from (values
            ('100', date '2025-12-31', date '2025-01-01', 600.00), ('100', date '2025-12-31', date '2024-12-01', 9.00),
            ('300', date '2025-12-31', date '2025-01-01', 400.00)
        ) as t (customer_id, as_of_date, month_start, net_revenue)"""
    )
    (result,) = unreadable_results(connection)
    assert (result.blocks, result.passed, result.rows, result.amount) == (False, False, 2, Decimal("600.00"))
    assert "credit_limit" in result.what
