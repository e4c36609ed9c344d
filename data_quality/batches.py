"""Checks every landed batch: small tables row by row, large ones by their profile. Not here: rules and engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa

from data_quality import profile
from data_quality.basics import basic_rules
from data_quality.rules import Filled, OneOf, Rule, UniqueTogether, Within
from data_quality.semantics import semantic_rules
from pipelines import duck, steps
from pipelines.checks import CheckResult
from pipelines.contracts import Contract, load_contracts
from pipelines.settings.workspace import Workspace

if TYPE_CHECKING:
    from data_quality.suites import Suites

WHOLE_TABLE_ROWS: Final = 50_000
"""Tables up to this many rows are handed over whole; larger ones are only measured (time and memory)."""


def check_batches(workspace: Workspace, warehouse: Path | None = None) -> tuple[CheckResult, ...]:
    """Check the batches that count of every delivered table, in the warehouse whose raw, control and settings views are
    attached (default: the home's). Tables not delivered are skipped.

    Raises KundenwertError CHECK_RAISED if a check could not be evaluated.
    """
    mapped = workspace.sources.tables
    may_be_empty = frozenset(table for table, mapping in mapped.items() if mapping.may_be_empty)
    with duck.reading(warehouse or workspace.home.warehouse, workspace.home.temporary) as connection:
        return check_tables(connection, workspace.contracts, may_be_empty, workspace.home.logs)


def check_tables(
    connection: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    may_be_empty: frozenset[str],
    logs: Path,
    whole_table_rows: int = WHOLE_TABLE_ROWS,
) -> tuple[CheckResult, ...]:
    """The same on an open connection; one step per table in the step log."""
    # All views: measures may look at another table (rates at the invoice lines they are needed for).
    profile.create_batch_views(connection, load_contracts())
    there = profile.delivered(connection)
    tables = [contract for contract in contracts.values() if contract.name in there]
    if not tables:
        return ()
    with steps.step("quality: start", logs):
        from data_quality.suites import Suites  # noqa: PLC0415 - imports Great Expectations, 5 s

        suites = Suites()
    results: list[CheckResult] = []
    for contract in tables:
        with steps.step(f"quality: {contract.name}", logs):
            basics = basic_rules(contract, may_be_empty=contract.name in may_be_empty)
            results.extend(_check_table(connection, suites, contract.name, basics, whole_table_rows))
    return tuple(results)


def _check_table(
    connection: duckdb.DuckDBPyConnection, suites: Suites, table: str, basics: tuple[Rule, ...], whole_table_rows: int
) -> tuple[CheckResult, ...]:
    semantics = semantic_rules(table)
    if profile.row_count(connection, table) > whole_table_rows:
        rules = (*basics, *semantics)
        return suites.check_profile(table, rules, profile.measure(connection, table, rules))
    return (
        *suites.check_rows(table, _rows(connection, table, basics), basics),
        *suites.check_profile(table, semantics, profile.measure(connection, table, semantics)),
    )


def _rows(connection: duckdb.DuckDBPyConnection, table: str, rules: tuple[Rule, ...]) -> pa.Table:
    """The columns the rules look at; the others never leave DuckDB."""
    columns: dict[str, None] = {"batch_id": None}
    for rule in rules:
        match rule.expectation:
            case Filled(column) | OneOf(column, _) | Within(column, _, _):
                columns[column] = None
            case UniqueTogether(key):
                columns.update(dict.fromkeys(key))
            case _:
                pass
    return connection.execute(f"select {', '.join(columns)} from {profile.batch_view(table)}").to_arrow_table()
