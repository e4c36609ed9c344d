"""What the sender says a delivery holds, against what came. Belongs here: only that comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import duckdb

from pipelines.errors import Problem, SourceError
from pipelines.landing.grammar import Grammar, number_expression, number_text, trimmed
from pipelines.landing.names import found
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
    for file in files:
        problems += _footer_problems(connection, totals.footer, file, grammar, source)
    if problems:
        raise SourceError(*problems)


def _footer_problems(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], file: PreparedFile, grammar: Grammar, source: str
) -> Iterator[Problem]:
    """What the file's own totals row says against its records. It is the last footer row that has a number in the column."""
    where = f"{file.name} (files.{source}.control_totals.footer)"
    for wanted in columns:
        column = found(wanted, file.columns)
        if column is None:
            what = f"the column '{wanted}' of the control total is not delivered"
            yield Problem("SCHEMA_MISSING_COLUMN", what, where, "correct its name")
            continue
        place = file.columns.index(column)
        texts = [row[place].strip() for row in file.footer if len(row) == len(file.columns)]
        shape = re.compile(number_expression(grammar))
        totals = [text for text in texts if shape.fullmatch(text)]
        if not totals:
            what = f"no footer row has a total of '{column}': the file may be cut off; it was not loaded"
            remedy = "deliver it whole, or correct `skip_footer_matching` of its format"
            yield Problem("RECONCILE_FAIL", what, where, remedy)
            continue
        announced_sql = f"try_cast({number_text(literal(totals[-1]), grammar)} as decimal(38,6))"
        row = connection.execute(
            f"select {_sum(column, 'VARCHAR', grammar)}, {announced_sql} from ({relation_sql([file])})"
        ).fetchone()
        came, announced = (Decimal(0) if value is None else Decimal(value) for value in (row or (None, None)))
        if came != announced:
            what = (
                f"the totals row says '{column}' sums to {announced.normalize():f}, it sums to {came.normalize():f} "
                f"({(came - announced).normalize():+f}); the file "
                "was not loaded"
            )
            yield Problem("RECONCILE_FAIL", what, where, _REMEDY)


def _sum(column: str, kind: str, grammar: Grammar) -> str:
    """Exact sum; text that is no number counts as nothing, so the difference shows it."""
    if kind != "VARCHAR":
        return f"sum({identifier(column)}::decimal(38,6))"
    text = f"({trimmed(identifier(column))})"
    shape = f"regexp_full_match({text}, {literal(number_expression(grammar))})"
    return f"sum(case when {shape} then try_cast({number_text(text, grammar)} as decimal(38,6)) end)"
