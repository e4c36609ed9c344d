"""What can be expected of a batch. Belongs here: the vocabulary. Not here: which table gets which rule, the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

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


Concern = Literal[
    "rows",  # there are rows, as many as usual
    "unique",
    "missing",
    "allowed",  # one of a closed list
    "range",
    "sign",
    "contradiction",  # two facts of one row cannot both hold
    "future",
    "late",  # entered long after it happened
    "closed",  # entered after its period was closed
    "default",  # one value for everybody: filled in by a mapping, not by people
    "habit",  # people enter what is easy
    "jump",  # differs widely from the one before
    "gaps",
    "plausible",  # an amount that the others of its row rule out
    "unknown",  # names something nobody knows, or that the settings do not have
    "stale",  # too old
    "overlap",
    "circle",
    "untouched",  # nobody did anything
    "sum",  # parts add up to the whole
    "same",  # two tables speak of the same things
    "duplicate",  # what is said twice counts once
    "rate",  # an amount has an exchange rate
    "quarantined",  # rows that cannot be read are among it
    "run",  # it was done at all
    "share",  # as much of it is there as the company's limit asks for
    "before",  # it is what it was in the delivery before
    "partner",  # what it names is in the table it speaks of
    "waiver",  # somebody's responsibility still acts
]
"""What a rule decides about its subject. Two rules with the same subject and concern decide the same thing: one has to go
(tests/data_quality/test_one_home.py)."""

Expectation = HasRows | Filled | UniqueTogether | OneOf | Within | Measured


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation of one table: `name` is unique in the table, `what` says it in plain words when it holds,
    `remedy` what to do when it does not, `concern` what of its table or column it decides."""

    table: str
    name: str
    severity: Severity
    what: str
    remedy: str
    expectation: Expectation
    concern: Concern
    column: str = ""

    @property
    def check_id(self) -> str:
        """The stable id of its check result."""
        return f"batch.{self.table}.{self.name}"

    @property
    def where(self) -> str:
        """The table or column it is about."""
        return f"{self.table}.{self.column}" if self.column else self.table


ENOUGH: Final = 20
"""Shares of fewer rows say nothing."""


def share(fault: str, limit: Decimal, among: str = "true") -> Measured:
    """At most the share `limit` (0..1) of the rows `among` shows the fault; not measured below ENOUGH rows."""
    rows, all_rows = f"count(*) filter (where ({among}) and ({fault}))", f"count(*) filter (where {among})"
    sql = f"case when {all_rows} >= {ENOUGH} then cast({rows} / nullif({all_rows}, 0) as decimal(18, 6)) end"
    return Measured(sql, maximum=limit, rows_sql=rows)


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


def limit_text(expectation: Expectation) -> str:
    """The bounds of the expectation as a measure, for people: "at least 0.5 and at most 2"."""
    wanted = as_measure(expectation)
    low = None if wanted.minimum is None else f"at least {shown(wanted.minimum)}"
    high = None if wanted.maximum is None else f"at most {shown(wanted.maximum)}"
    return " and ".join(part for part in (low, high) if part)


def shown(value: int | Decimal) -> str:
    """A number without an exponent and without zeros that say nothing."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _none(fault: str) -> Measured:
    return Measured(f"count(*) filter (where {fault})", maximum=Decimal(0))
