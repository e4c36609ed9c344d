"""Checks every landed batch: small tables row by row, large ones by their profile. Not here: rules, engine, memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa

from data_quality import profile
from data_quality.basics import basic_rules, gap_rules
from data_quality.kept import Kept
from data_quality.rules import Filled, OneOf, Rule, UniqueTogether, Within
from data_quality.semantics import semantic_rules
from pipelines import contents, duck, steps
from pipelines.checks import CheckResult
from pipelines.contents import Relation
from pipelines.contracts import Contract
from pipelines.home import Home
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
    return check_warehouse(
        warehouse or workspace.home.warehouse, workspace.home, workspace.contracts, empties(workspace)
    )


def empties(workspace: Workspace) -> frozenset[str]:
    """The tables of which no row at all may come."""
    return frozenset(table for table, mapping in workspace.sources.tables.items() if mapping.may_be_empty)


def check_warehouse(
    warehouse: Path, home: Home, contracts: Mapping[str, Contract], may_be_empty: frozenset[str]
) -> tuple[CheckResult, ...]:
    """The same, of what a workspace says about it: all of it can be handed to another process."""
    with duck.reading(warehouse, home.temporary) as connection:
        return check_tables(connection, contracts, may_be_empty, home.logs, kept_in=home.checks / "batches")


def check_tables(
    connection: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    may_be_empty: frozenset[str],
    logs: Path,
    whole_table_rows: int = WHOLE_TABLE_ROWS,
    kept_in: Path | None = None,
) -> tuple[CheckResult, ...]:
    """The same on an open connection; one step per table that is checked in the step log.

    A table about which `kept_in` holds what was said of exactly these batches is not checked again, and where that is every table
    Great Expectations is not even loaded.
    """
    there = profile.delivered(connection)
    tables = [contract for contract in contracts.values() if contract.name in there]
    profile.create_batch_views(connection, [contract.name for contract in tables])
    states = contents.states(connection)
    suites: Suites | None = None
    results: list[CheckResult] = []
    for contract in tables:
        basics = basic_rules(contract, may_be_empty=contract.name in may_be_empty)
        measured = measured_rules(contract)
        state = states.get(Relation("raw", contract.name))
        rules = (*basics, *measured)
        kept = Kept(kept_in, connection, state, contract.name, rules, str(whole_table_rows)) if kept_in else None
        if kept is not None and (said := kept.read()) is not None:
            results.extend(said)
            continue
        suites = suites or _suites(logs)
        with steps.step(f"quality: {contract.name}", logs):
            found = _check_table(connection, suites, contract.name, basics, measured, whole_table_rows)
        if kept is not None:
            kept.write(found)
        results.extend(found)
    return tuple(results)


def _suites(logs: Path) -> Suites:
    with steps.step("quality: start", logs):
        from data_quality.suites import Suites  # noqa: PLC0415 - imports Great Expectations, 3 s

        return Suites()


def measured_rules(contract: Contract) -> tuple[Rule, ...]:
    """What a table is only measured for, however small it is: the contract's gaps and what only the batch shows."""
    return (*gap_rules(contract), *semantic_rules(contract.name))


def _check_table(
    connection: duckdb.DuckDBPyConnection,
    suites: Suites,
    table: str,
    basics: tuple[Rule, ...],
    measured: tuple[Rule, ...],
    whole_table_rows: int,
) -> tuple[CheckResult, ...]:
    if profile.row_count(connection, table) > whole_table_rows:
        rules = (*basics, *measured)
        return suites.check_profile(table, rules, profile.measure(connection, table, rules))
    return (
        *suites.check_rows(table, _rows(connection, table, basics), basics),
        *suites.check_profile(table, measured, profile.measure(connection, table, measured)),
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
