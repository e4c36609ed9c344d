"""A warehouse with one good batch of every table, to be damaged; built from the contracts, so it cannot drift."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipelines.contracts import Contract, load_contracts

PERSON = "PERSON-CANARY-4711"
"""Stands in every personal column and every free text: must turn up in no result."""

ROWS = 48
"""Rows of a good batch: four a month over a year, enough for shares to be measured."""

_MONTH_DAY = (
    "cast(date '2025-01-05' + to_months(cast(n // 4 as integer)) + to_days(cast(n % 4 * 8 as integer)) as date)"
)
_MOMENT = f"cast({_MONTH_DAY} as timestamp) + interval 9 hours"

VALUES: dict[str, str] = {
    "accounts.created_on": "date '2020-01-01'",
    "activities.activity_at": _MOMENT,
    "activities.recorded_at": f"{_MOMENT} + interval 1 day",
    "activities.duration_minutes": "10 + n",
    "campaigns.starts_on": "date '2025-01-01'",
    "campaigns.ends_on": "date '2025-03-31'",
    "campaign_members.is_control": "n % 2 = 0",
    "customer_id_changes.old_customer_id": "'OLD' || n",
    "customer_parents.parent_id": "'GROUP'",
    "customer_parents.valid_to": "null",
    "direct_costs.amount": "10.00",
    "exchange_rates.currency_code": "case n % 2 when 0 then 'USD' else 'CHF' end",
    "exchange_rates.rate_date": "cast(date '2025-12-31' - to_days(cast(n // 2 as integer)) as date)",
    "exchange_rates.units_per_reporting_currency": "1.1 + n * 0.001",
    "invoice_lines.cogs": "case when n % 2 = 0 then -60.00 else 60.00 end",
    "invoice_lines.currency_code": "case n % 3 when 0 then 'USD' else 'EUR' end",
    "invoice_lines.doc_type": "case when n % 2 = 0 then 'credit_note' else 'invoice' end",
    "invoice_lines.gross_list_amount": "case when n % 2 = 0 then -110.00 else 110.00 end",
    "invoice_lines.posting_date": _MONTH_DAY,
    "invoice_lines.revenue_deductions": "case when n % 2 = 0 then -10.00 else 10.00 end",
    "invoice_lines.local_net_amount": "null",
    "ledger_totals.amount": "100.00",
    "ledger_totals.account_group": "'group ' || (n % 4)",
    "ledger_totals.period": "'2025-' || lpad(cast(n // 4 + 1 as varchar), 2, '0')",
    "open_items.cleared_date": "date '2025-06-30'",
    "opening_portfolio.as_of_date": "date '2024-12-31'",
    "opportunities.closed_on": "date '2025-12-01'",
    "opportunities.created_on": "date '2025-10-01'",
    "orders.order_date": _MONTH_DAY,
    "potential_estimates.annual_demand": "1000.00 + n",
    "potential_estimates.recorded_at": "timestamp '2025-06-01 09:00:00'",
    "potential_estimates.valid_from": "date '2025-06-01'",
    "products.product_group": "'group ' || (n % 4)",
    "ratings.level": "n % 5 + 1",
    "ratings.rater_key": "'" + PERSON + "' || (n % 3)",
    "ratings.recorded_at": "timestamp '2025-06-02 09:00:00'",
    "ratings.valid_from": "date '2025-06-01'",
    "revenue_history.fiscal_year": "2020",
    "sales_reps.active_from": "date '2020-01-01'",
    "sales_reps.active_to": "null",
    "service_ratings.offering_level": "case n % 2 when 0 then 'basic' else 'fascinating' end",
    "zone_overrides.expires_on": "date '2026-06-30'",
    "zone_overrides.set_at": "timestamp '2025-06-02 09:00:00'",
}
"""Where the generic value of a type would not make a sensible batch."""

KEYED: set[str] = {"company_id", "period", "account_group", "rate_date", "currency_code", "valid_from", "recorded_at"}


def value(contract: Contract, load_name: str) -> str:
    """An SQL expression over n = 0 .. ROWS - 1 for one column."""
    special = VALUES.get(f"{contract.name}.{load_name}")
    if special is not None:
        return special
    column = contract.column(load_name)
    is_key = load_name in contract.primary_key and load_name not in KEYED
    by_type = {"date": "date '2025-06-01'", "timestamp": "timestamp '2025-06-01 09:00:00'", "boolean": "true"}
    if column.allowed_values:
        return f"'{column.allowed_values[0]}'"
    if is_key or column.personal:
        return "n" if column.is_number else f"'{PERSON if column.personal else 'K'}' || n"
    if column.is_number:
        low = column.minimum if column.minimum is not None else 0
        return f"{low} + 1" if column.maximum is None else str(column.maximum)
    return by_type.get(column.type, f"'{PERSON} text'")


def build(connection: duckdb.DuckDBPyConnection, tables: Iterable[str] = ()) -> None:
    """Schemas raw, quarantine and control; one good, active batch of `tables` (default: all)."""
    contracts = load_contracts()
    for schema in ("raw", "quarantine", "control", "marts", "intermediate"):
        connection.execute(f"create schema {schema}")
    connection.execute(
        """
        create table control.load_batches (batch_id varchar, table_name varchar, sequence integer, mode varchar,
            delivered_at timestamp, is_first boolean, superseded_at timestamp, is_active boolean)
        """
    )
    wanted = set(tables) or set(contracts)
    for name, contract in contracts.items():
        columns = [*((c.load_name, c.sql_type) for c in contract.columns), ("batch_id", "varchar")]
        columns += [("file_name", "varchar"), ("line_number", "bigint")]
        declared = ", ".join(f"{column} {kind}" for column, kind in columns)
        connection.execute(f"create table raw.{name} ({declared})")
        connection.execute(
            f"create table quarantine.{name} ({declared}, quarantine_reason varchar, quarantine_reasons varchar,"
            " rejected_column varchar, raw_text varchar)"
        )
        if name in wanted:
            deliver(connection, name, "b1")


def deliver(connection: duckdb.DuckDBPyConnection, table: str, batch: str, *, active: bool = True) -> None:
    """Add a good batch of a table."""
    contract = load_contracts()[table]
    values = ", ".join(f"cast({value(contract, c.load_name)} as {c.sql_type})" for c in contract.columns)
    connection.execute(
        f"insert into raw.{table} select {values}, '{batch}', 'delivered.csv', n + 2 from range({ROWS}) as numbers (n)"
    )
    connection.execute(
        f"insert into control.load_batches values ('{batch}', '{table}', 1, 'full',"
        f" timestamp '2026-01-02 06:00:00', true, null, {active})"
    )
