"""What a demo is made from (size, span, seed) and what came out. Belongs here: no data, no SQL."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pipelines.errors import ConfigError, Problem

CUSTOMERS_FROM, CUSTOMERS_TO = 10, 500_000
"""From 65 customers on every case of the cast is there."""

MONTHS_FROM, MONTHS_TO = 13, 120

JUDGED_MONTHS = 25
"""Months from the opening portfolio to the last one: two years of zones, and the year before them for the first."""

FULL_EFFORT_CUSTOMERS = 400
"""Up to this size the sales force serves everybody as it likes; beyond it the same people share their hours."""

FIELD_POOL_YEAR_CENTS = 144_000_000
INSIDE_POOL_YEAR_CENTS = 54_000_000
"""Annual cost of the resource pools in euro cents: those of config/portfolio.yml (a test compares them)."""


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """Size, span and seed of a demo. Raises ConfigError (`DEMO_RANGE`) where no demo can be made of them.

    `customers` counts ERP customers (legal entities); leads, an intercompany and an internal customer come on top.
    `last_month` is the last delivered month, `YYYY-MM`. `is_corrected`: a delivery later, with a price correction posted in a month
    that was published already, in the ledger too.
    """

    customers: int = 400
    months: int = 40
    seed: int = 1
    last_month: str = "2026-09"
    is_corrected: bool = False

    def __post_init__(self) -> None:
        """Refuse what no demo can be made of."""
        problems = []
        if not CUSTOMERS_FROM <= self.customers <= CUSTOMERS_TO:
            problems.append(_out_of_range("--customers", self.customers, CUSTOMERS_FROM, CUSTOMERS_TO))
        if not MONTHS_FROM <= self.months <= MONTHS_TO:
            problems.append(_out_of_range("--months", self.months, MONTHS_FROM, MONTHS_TO))
        if self.seed < 0:
            problems.append(Problem("DEMO_RANGE", f"a negative seed: {self.seed}", "--seed", "take 0 or more"))
        if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", self.last_month):
            problems.append(
                Problem("DEMO_RANGE", f"not a month: {self.last_month!r}", "--last-month", "write it as 2026-09")
            )
        if problems:
            raise ConfigError(*problems)

    @property
    def first_day(self) -> date:
        """First day of the first delivered month."""
        end = self.last_day
        month = end.year * 12 + end.month - self.months
        return date(month // 12, month % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """Last day of the last delivered month; the demo's default as-of date."""
        year, month = (int(part) for part in self.last_month.split("-"))
        return date(year, month, calendar.monthrange(year, month)[1])

    @property
    def opening_day(self) -> date:
        """When the people's own portfolio was written down: 25 months before the last day, or before the first delivered one."""
        month = self.last_day.year * 12 + self.last_day.month - JUDGED_MONTHS
        return max(self.first_day, date(month // 12, month % 12 + 1, 1)) - timedelta(days=1)

    @property
    def delivered_at(self) -> datetime:
        """When the files were delivered: the second day after the last month, 05:00; nothing is recorded later."""
        return datetime.combine(self.last_day + timedelta(days=2), datetime.min.time()).replace(hour=5)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One delivered file: its path relative to the demo's directory, data rows and bytes."""

    path: str
    rows: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was written: the plan, where, the files in order of their names, and the seconds it took."""

    plan: DemoPlan
    out: Path
    files: tuple[WrittenFile, ...]
    seconds: float

    @property
    def rows(self) -> int:
        """Data rows over all files."""
        return sum(file.rows for file in self.files)

    @property
    def size_bytes(self) -> int:
        """Bytes over all files."""
        return sum(file.size_bytes for file in self.files)


def _out_of_range(option: str, value: int, lowest: int, highest: int) -> Problem:
    return Problem("DEMO_RANGE", f"{value} is outside {lowest} to {highest}", option, "choose a value in between")
