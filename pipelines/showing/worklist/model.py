"""What the work list holds. Belongs here: shapes. Not here: reading (read), words (words), layout (render)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Task:
    """Row of mart_worklist."""

    as_of_date: date
    ultimate_parent_id: str
    customer_name: str
    task: str
    priority: int
    owner_area: str | None
    due_on: date
    money: Decimal
    money_kind: str
    happened: str
    happened_on: date | None
    happened_days: int | None
    happened_limit_days: int | None
    happened_visits: int | None
    happened_planned_visits: int | None
    happened_ratio: Decimal | None
    happened_amount: Decimal | None
    happened_criterion_id: str | None
    next_step: str
    reporting_currency: str


@dataclass(frozen=True, slots=True)
class Money:
    """What the tasks of one kind are about: each customer once, with its largest amount, for several of its tasks may mean the same."""

    money_kind: str
    tasks: int
    customers: int
    money: Decimal


@dataclass(frozen=True, slots=True)
class Count:
    """How many tasks of one kind an area has."""

    owner_area: str | None
    task: str
    tasks: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a criterion that blocks is called."""

    criterion_id: str
    criterion_name_en: str | None = None
    criterion_name_de: str | None = None


@dataclass(frozen=True, slots=True)
class Worklist:
    """The tasks asked for, the first `tasks` of `found`, in the order they are due."""

    version: str
    as_of_date: date
    area: str | None
    task: str | None
    found: int
    money: tuple[Money, ...]
    tasks: tuple[Task, ...]
    criteria: Mapping[str, Criterion] = field(default_factory=dict)
