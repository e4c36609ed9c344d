"""Months, windows and years.

Belongs here: calendar arithmetic. A month is counted as year * 12 + month - 1, so months can be subtracted.

Readings:
- An as-of date is a month end; anything else is an error. Its window is the 12 calendar months ending there.
- Days of timestamps are UTC days, as the typed load stores them.
- Judging begins with the configured month, else with the first whose 12 months all lie in or after the month of the first posting,
  or with the first month end after the last opening portfolio before the as-of date, whichever is later; never more than
  max_replayed_months back, never after the as-of date.
- Full years are anniversaries reached by (month, day): 29 February is reached on 1 March of other years.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from .inputs import Judging


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


def judged_months(as_of: date, first_posting: date | None, openings: list[date], judging: Judging) -> list[date]:
    """Every month end from where judging begins to the as-of date."""
    last = month_of(as_of)
    begin = last
    if judging.judged_from is not None:
        begin = month_of(judging.judged_from)
    elif first_posting is not None:
        begin = month_of(first_posting) + 11
        before = [day for day in openings if day < as_of]
        if before:
            latest = max(before)
            follows = month_of(latest) + (latest == month_end(month_of(latest)))
            begin = max(begin, follows)
    begin = min(max(begin, last - judging.max_replayed_months), last)
    return [month_end(month) for month in range(begin, last + 1)]


def full_years(first: date, last: date) -> int:
    """Completed years from one day to another."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
