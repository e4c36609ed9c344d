"""The expectations that follow from a table's contract. Not here: what only the batch as a whole shows (semantics)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from data_quality.rules import Bound, Filled, HasRows, OneOf, Rule, UniqueTogether, Within, share
from pipelines.contracts import Column, Contract

_LANDING = "landing should have put such rows into quarantine: report this as a defect, with the run's log"


def basic_rules(contract: Contract, *, may_be_empty: bool = False) -> tuple[Rule, ...]:
    """Rows, required columns, key, allowed values and ranges, as declared. All of them block publication.

    Landing keeps single bad rows out; that a whole batch still obeys the contract is the second, independent look.
    """
    return tuple(_rules(contract, may_be_empty))


def gap_rules(contract: Contract) -> tuple[Rule, ...]:
    """How much of the batch may lack a value, as the contract's `quality` declares it. None of them blocks."""
    return tuple(
        Rule(
            contract.name,
            gaps.name,
            gaps.severity,
            gaps.what,
            gaps.remedy,
            share(f"{column.load_name} is null", Decimal(gaps.percent) / 100),
            "missing",
            column.load_name,
        )
        for column in contract.columns
        for gaps in column.gaps
    )


def _rules(contract: Contract, may_be_empty: bool) -> Iterator[Rule]:
    table = contract.name
    if not may_be_empty:
        remedy = "deliver the table again, or declare may_be_empty in config/sources.yml if no rows are normal"
        yield Rule(table, "has_rows", "critical", f"{table} has rows", remedy, HasRows(), "rows")
    if contract.primary_key:
        key = ", ".join(contract.primary_key)
        # A later batch may bring a key again (it replaces the row); within one batch it is unique.
        columns = (*contract.primary_key, "batch_id")
        yield Rule(
            table,
            "key_unique",
            "critical",
            f"({key}) is unique in a batch",
            _LANDING,
            UniqueTogether(columns),
            "unique",
        )
    for column in contract.columns:
        yield from _column_rules(table, column)


def _column_rules(table: str, column: Column) -> Iterator[Rule]:
    name = column.load_name
    if column.required:
        what = f"{name} is filled in every row"
        yield Rule(table, f"{name}_filled", "critical", what, _LANDING, Filled(name), "missing", name)
    if column.allowed_values:
        what = f"{name} is one of {', '.join(column.allowed_values)}"
        yield Rule(
            table, f"{name}_allowed", "critical", what, _LANDING, OneOf(name, column.allowed_values), "allowed", name
        )
    if column.minimum is not None or column.maximum is not None:
        low, high = _bound(column, column.minimum), _bound(column, column.maximum)
        ends = f"from {column.minimum}" if high is None else f"to {column.maximum}"
        what = f"{name} is {ends}" if low is None or high is None else f"{name} is {column.minimum} to {column.maximum}"
        yield Rule(table, f"{name}_range", "critical", what, _LANDING, Within(name, low, high), "range", name)


def _bound(column: Column, limit: Bound | None) -> Bound | None:
    """A date limits a timestamp from its first moment."""
    if column.type == "timestamp" and isinstance(limit, date) and not isinstance(limit, datetime):
        return datetime.combine(limit, time.min)
    return limit
