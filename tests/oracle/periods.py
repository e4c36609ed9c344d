"""Months, windows and years.

Belongs here: calendar arithmetic. A month is counted as year * 12 + month - 1, so months can be subtracted.

Readings:
- An as-of date is a month end; anything else is an error. Its window is the 12 calendar months ending there.
- Days of timestamps are UTC days, as the typed load stores them.
- Full years are anniversaries reached by (month, day): 29 February is reached on 1 March of other years.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def month_of(day: date) -> int:
    """The month a day is in."""
    return day.year * 12 + day.month - 1


def month_start(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def month_end(month: int) -> date:
    """The last day of a month."""
    year, index = divmod(month, 12)
    return date(year, index + 1, monthrange(year, index + 1)[1])


def label(month: int) -> str:
    """The month as YYYY-MM."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def window(as_of: date) -> range:
    """The 12 months ending at an as-of date; ValueError if it is not a month end."""
    month = month_of(as_of)
    if month_end(month) != as_of:
        raise ValueError(f"as-of date {as_of} is not a month end")
    return range(month - 11, month + 1)


def full_years(first: date, last: date) -> int:
    """Completed years from one day to another."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
