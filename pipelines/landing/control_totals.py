"""What the sender says a delivery holds, against what came. Belongs here: only that comparison."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb

from pipelines.errors import Problem, SourceError
from pipelines.landing.grammar import Grammar, number_expression, number_text, trimmed
from pipelines.landing.records import described
from pipelines.quoting import identifier, literal
from pipelines.settings.sources import ControlTotals
from pipelines.sources import PreparedFile, relation_sql

_REMEDY = "ask the sender which of the two is right, then deliver again or correct `control_totals`"


def check_control_totals(
    connection: duckdb.DuckDBPyConnection,
    totals: ControlTotals,
    files: Sequence[PreparedFile],
    grammar: Grammar,
    source: str,
) -> None:
    """Compare rows and sums of the delivered records. Raises SourceError RECONCILE_FAIL, SCHEMA_MISSING_COLUMN."""
    where = f"{', '.join(file.name for file in files)} (files.{source}.control_totals)"
    problems = []
    rows = sum(file.records for file in files)
    if totals.rows is not None and rows != totals.rows:
        problems.append(
            Problem(
                "RECONCILE_FAIL",
                f"{totals.rows} rows are announced, {rows} came ({rows - totals.rows:+d})",
                where,
                _REMEDY,
            )
        )
    relation = relation_sql(files)
    columns = described(connection, relation)
    for column, announced in totals.sums.items():
        if column not in columns:
            problems.append(
                Problem(
                    "SCHEMA_MISSING_COLUMN",
                    f"the column '{column}' of the control total is not delivered",
                    where,
                    "correct its name",
                )
            )
            continue
        sum_sql = _sum(column, columns[column], grammar)
        row = connection.execute(f"select {sum_sql} from ({relation})").fetchone()
        came = Decimal(0) if row is None or row[0] is None else Decimal(row[0])
        if came != announced:
            what = (
                f"'{column}' is announced to sum to {announced}, it sums to {came} ({came - announced:+f}); the "
                f"file was not loaded"
            )
            problems.append(Problem("RECONCILE_FAIL", what, where, _REMEDY))
    if problems:
        raise SourceError(*problems)


def _sum(column: str, kind: str, grammar: Grammar) -> str:
    """Exact sum; text that is no number counts as nothing, so the difference shows it."""
    if kind != "VARCHAR":
        return f"sum({identifier(column)}::decimal(38,6))"
    text = f"({trimmed(identifier(column))})"
    shape = f"regexp_full_match({text}, {literal(number_expression(grammar))})"
    return f"sum(case when {shape} then try_cast({number_text(text, grammar)} as decimal(38,6)) end)"
