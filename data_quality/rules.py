"""What can be expected of a batch. Belongs here: the vocabulary. Not here: which table gets which rule, the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pipelines.checks import Severity
from pipelines.quoting import constant, literals

Bound = Decimal | date | datetime


@dataclass(frozen=True, slots=True)
class HasRows:
    """The batch is not empty: an empty one fulfils every other expectation."""


@dataclass(frozen=True, slots=True)
class Filled:
    """No NULL in the column."""

    column: str


@dataclass(frozen=True, slots=True)
class UniqueTogether:
    """No combination of values occurs twice; NULLs are equal to each other."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Every value that is there is one of these."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """Every value that is there lies within the bounds, both inclusive; None = open."""

    column: str
    minimum: Bound | None
    maximum: Bound | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One number about the whole batch lies within the bounds, both inclusive; None = open.

    `sql` is an expression over the batch (`from batch_<table>`) of type integer or decimal; NULL = nothing to measure,
    which passes. `rows_sql` counts the rows concerned; None: the measure itself is that count.
    """

    sql: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    rows_sql: str | None = None


Expectation = HasRows | Filled | UniqueTogether | OneOf | Within | Measured


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation of one table: `name` is unique in the table, `what` says it in plain words when it holds,
    `remedy` what to do when it does not."""

    table: str
    name: str
    severity: Severity
    what: str
    remedy: str
    expectation: Expectation
    column: str = ""

    @property
    def check_id(self) -> str:
        """The stable id of its check result."""
        return f"batch.{self.table}.{self.name}"

    @property
    def where(self) -> str:
        """The table or column it is about."""
        return f"{self.table}.{self.column}" if self.column else self.table


def as_measure(expectation: Expectation) -> Measured:
    """The same expectation as one number computed set-based, for tables too large to hand over row by row."""
    match expectation:
        case Measured():
            return expectation
        case HasRows():
            return Measured("count(*)", minimum=Decimal(1))
        case Filled(column):
            return _none(f"{column} is null")
        case UniqueTogether(columns):
            key = ", ".join(columns)
            # The name of the batch is filled in where the table is known (profile.measure).
            repeated = f"select sum(n) from (select count(*) as n from {{batch}} group by {key} having count(*) > 1)"
            return Measured(f"coalesce(cast(({repeated}) as bigint), 0)", maximum=Decimal(0))
        case OneOf(column, values):
            return _none(f"{column} not in ({literals(values)})")
        case Within(column, minimum, maximum):
            low = [] if minimum is None else [f"{column} < {constant(minimum)}"]
            high = [] if maximum is None else [f"{column} > {constant(maximum)}"]
            return _none(" or ".join([*low, *high]) or "false")


def _none(fault: str) -> Measured:
    return Measured(f"count(*) filter (where {fault})", maximum=Decimal(0))
