"""Months: what a run is asked for, in the words of the command line and of Dagster's partitions.

Belongs here: pure conversions between months, month ends and partition keys. Not here: the default as-of date, which
follows from the data (pipelines.landing.as_of).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo

from pipelines.errors import Problem, UsageError
from pipelines.months import month_end, month_ends

FIRST_MONTH = "2000-01"
"""The first month that can be computed; as a partition key."""

MONTH_KEY = "%Y-%m"
"""The format of a month as Dagster's partition key."""

LAST_SECOND = time(23, 59, 59)

_MONTH = re.compile(r"(\d{4})-(\d{2})")


class PeriodError(UsageError):
    """A date or period on the command line makes no sense."""


@dataclass(frozen=True, slots=True)
class Period:
    """The months `first`..`last`, both included, each given by its last day."""

    first: date
    last: date
    is_exact: bool = False
    """Whether these months are shown and no other; a single month shows those before it too (history.shown_months)."""
    is_as_of: bool = field(default=False, compare=False)
    """Whether it is one date, named by `--as-of`: then it may be a question about the past."""

    @property
    def month_ends(self) -> tuple[date, ...]:
        """Every month end of the period, ascending."""
        return month_ends(self.first, self.last)

    @property
    def partition_keys(self) -> tuple[str, str]:
        """Dagster's keys of the first and the last month (`YYYY-MM`)."""
        return self.first.strftime(MONTH_KEY), self.last.strftime(MONTH_KEY)


def partition_month_end(key: str) -> date:
    """The as-of date of a partition key `YYYY-MM`."""
    match = _MONTH.fullmatch(key)
    if match is None:
        raise ValueError(f"not a month: {key!r}")
    return month_end(date(int(match[1]), int(match[2]), 1))


def parse_month(text: str, option: str) -> date:
    """The last day of the month written `YYYY-MM`. Raises PeriodError MONTH_INVALID."""
    match = _MONTH.fullmatch(text.strip())
    if match is None or not 1 <= int(match[2]) <= 12:
        raise PeriodError(
            Problem("MONTH_INVALID", f"'{text}' is not a month", option, "write YYYY-MM, for example 2026-10")
        )
    return _in_range(month_end(date(int(match[1]), int(match[2]), 1)), option)


def parse_as_of(text: str, option: str = "--as-of") -> date:
    """The month end written `YYYY-MM-DD`. Raises PeriodError AS_OF_INVALID, AS_OF_NOT_MONTH_END (did you mean)."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise PeriodError(
            Problem("AS_OF_INVALID", f"'{text}' is not a date", option, "write YYYY-MM-DD, the last day of a month")
        ) from None
    end = month_end(day)
    if day != end:
        what = f"{day} is not the last day of its month; a portfolio is always as of a month end"
        raise PeriodError(Problem("AS_OF_NOT_MONTH_END", what, option, f"did you mean {option} {end}?"))
    return _in_range(day, option)


def parse_period(as_of: str | None, first: str | None, last: str | None) -> Period | None:
    """The period asked for by `--as-of` or `--from`/`--to`; None if none of them is given.

    One of `--from` and `--to` alone means that one month. Both choose what is shown, never what is true. Raises PeriodError
    with every problem.
    """
    if as_of is not None and (first is not None or last is not None):
        raise PeriodError(
            Problem("PERIOD_AMBIGUOUS", "--as-of and --from/--to exclude each other", "--as-of", "give one of the two")
        )
    if as_of is not None:
        day = parse_as_of(as_of)
        return Period(day, day, is_as_of=True)
    if first is None and last is None:
        return None
    ends: list[date] = []
    problems: list[Problem] = []
    for text, option in ((first, "--from"), (last, "--to")):
        try:
            if text is not None:
                ends.append(parse_month(text, option))
        except PeriodError as error:
            problems += error.problems
    if problems:
        raise PeriodError(*problems)
    if ends[0] > ends[-1]:
        what = f"the period ends before it begins: {ends[0]:%Y-%m} to {ends[-1]:%Y-%m}"
        raise PeriodError(Problem("PERIOD_REVERSED", what, "--from", "exchange the two months"))
    return Period(ends[0], ends[-1], is_exact=True)


def parse_known_at(text: str, option: str = "--known-at", zone: tzinfo = UTC) -> datetime:
    """A point in time in UTC, written in ISO 8601; without an offset it is in `zone`, a date alone means its last second there.

    Raises PeriodError KNOWN_AT_INVALID.
    """
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text), LAST_SECOND, zone).astimezone(UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        remedy = "write 2026-11-05, 2026-11-05T18:00:00 (the company's time) or 2026-11-05T18:00:00+01:00"
        raise PeriodError(Problem("KNOWN_AT_INVALID", f"'{text}' is not a point in time", option, remedy)) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _in_range(day: date, option: str) -> date:
    first = partition_month_end(FIRST_MONTH)
    if day < first:
        what = f"{day:%Y-%m} is before {FIRST_MONTH}, the first month that can be computed"
        raise PeriodError(Problem("MONTH_RANGE", what, option, f"begin with {FIRST_MONTH} or later"))
    return day
