"""Set-based profiles: one row of exact numbers per table, computed where the rows are.

Belongs here: the batches that count as views, and the measures of rules as one query. Not here: judging the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from data_quality.rules import Rule, as_measure
from pipelines.quoting import literal


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured number (None: nothing to measure) and how many rows it concerns (None: not a count of rows)."""

    value: int | Decimal | None
    rows: int | None


def batch_view(table: str) -> str:
    """The view of a table's rows in the batches that count, with `delivered_at` of their batch."""
    return f"batch_{table}"


def create_batch_views(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Create the views of these tables (temporary: the warehouse may be open read-only)."""
    for table in tables:
        connection.execute(
            f"""
            create or replace temporary view {batch_view(table)} as
            with active as (
                select batch_id, max(delivered_at) as delivered_at
                from control.load_batches
                where is_active and table_name = {literal(table)}
                group by batch_id
            )
            select rows.*, active.delivered_at
            from raw.{table} as rows
            inner join active on rows.batch_id = active.batch_id
            """
        )


def delivered(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The tables of which a batch counts."""
    rows = connection.execute("select distinct table_name from control.load_batches where is_active").fetchall()
    return frozenset(str(table) for (table,) in rows)


def row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table in the batches that count."""
    ((count,),) = connection.execute(f"select count(*) from {batch_view(table)}").fetchall()
    return int(count)


def measure(connection: duckdb.DuckDBPyConnection, table: str, rules: Sequence[Rule]) -> Mapping[str, Measurement]:
    """Measure what the rules look at, in one pass over the table where possible; by rule name."""
    if not rules:
        return {}
    batch = batch_view(table)
    # Counting first makes it one row even where every measure is a subquery of its own.
    expressions = ["count(*)"]
    for rule in rules:
        wanted = as_measure(rule.expectation)
        expressions.append(wanted.sql.replace("{batch}", batch))
        expressions.append((wanted.rows_sql or wanted.sql).replace("{batch}", batch))
    (values,) = connection.execute(f"select {', '.join(expressions)} from {batch}").fetchall()
    pairs = zip(values[1::2], values[2::2], strict=True)
    return {
        rule.name: Measurement(_exact(value), _rows(rows)) for rule, (value, rows) in zip(rules, pairs, strict=True)
    }


def _exact(value: object) -> int | Decimal | None:
    if value is None or isinstance(value, int | Decimal):
        return value
    raise TypeError(f"a measure must be an integer or a decimal, not {type(value).__name__}")


def _rows(value: object) -> int | None:
    return None if value is None else int(str(value))
