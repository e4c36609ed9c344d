"""Month ends: what every as-of date is. Belongs here: counting in months; not here: which of them a run is for (orchestration, landing)."""

from __future__ import annotations

from datetime import date, timedelta


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month `months` after that of `day` (before, if negative)."""
    index = day.year * 12 + day.month - 1 + months + 1
    return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)


def month_ends(first: date, last: date) -> tuple[date, ...]:
    """Every month end from `first` to `last`, both month ends themselves; ascending."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return tuple(month_end(first, step) for step in range(count + 1))
