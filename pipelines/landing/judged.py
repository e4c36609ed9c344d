"""Which months are judged: every run replays the zones from there to each of its as-of dates (METHOD 1.8).

Belongs here: where the replay of an as-of date begins, and what that follows from in the landed data. Not here: what is judged (dbt),
which dates are shown (orchestration), the table the models read (control.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines import duck
from pipelines.home import Home
from pipelines.landing import ledger
from pipelines.landing.ledger import LoadedBatch
from pipelines.landing.write import batch_file
from pipelines.months import month_end, month_ends
from pipelines.quoting import literals
from pipelines.settings.portfolio import Portfolio

WINDOW_MONTHS = 12
"""A score looks at so many months; the first one judged has all of them."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the beginning of a replay follows from."""

    configured: date | None
    most_months: int
    first_posting: date | None
    openings: tuple[date, ...]

    def judged_from(self, as_of: date) -> date:
        """The first month end of the replay that ends at `as_of`.

        The limits bind a configured month end, too. Without any posting there is nothing to replay: `as_of` itself.
        """
        earliest = month_end(as_of, -self.most_months)
        if self.configured is not None:
            wanted = self.configured
        elif self.first_posting is None:
            wanted = as_of
        else:
            wanted = month_end(self.first_posting, WINDOW_MONTHS - 1)
            used = [day for day in self.openings if day < as_of]
            if used:
                wanted = max(wanted, month_end(max(used) + timedelta(days=1)))
        return min(max(wanted, earliest), as_of)


@dataclass(frozen=True, order=True, slots=True)
class JudgedMonth:
    """A month of a run: where its own replay begins, and whether the version shows it."""

    as_of_date: date
    judged_from: date
    is_shown: bool


def judged_months(shown: Iterable[date], beginning: Beginning) -> tuple[JudgedMonth, ...]:
    """Every month the replays of the shown dates, and of the months these are compared with, pass through; ascending."""
    dates = set(shown)
    compared = {month_end(day, -1) for day in dates if beginning.judged_from(day) < day}
    needed = {day for last in dates | compared for day in month_ends(beginning.judged_from(last), last)}
    return tuple(JudgedMonth(day, beginning.judged_from(day), day in dates) for day in sorted(needed))


def shown_months(last: date, months: int, beginning: Beginning) -> tuple[date, ...]:
    """The last `months` judged months up to `last`, ascending."""
    return month_ends(max(beginning.judged_from(last), month_end(last, 1 - months)), last)


def beginning(home: Home, portfolio: Portfolio, known_at: datetime) -> Beginning:
    """What the landed data, as known at `known_at` (UTC without zone), and the method say about where replays begin."""
    batches = [
        batch
        for batch in ledger.batches(ledger.read(home))
        if (batch.is_first or batch.entry.delivered_at <= known_at)
        and (batch.superseded_at is None or batch.superseded_at > known_at)
    ]
    postings = [
        batch.entry.data_from
        for batch in batches
        if batch.entry.table == "invoice_lines" and batch.entry.data_from is not None
    ]
    zones = portfolio.zones
    return Beginning(
        zones.judged_from, zones.max_replayed_months, min(postings, default=None), _openings(home, batches)
    )


def _openings(home: Home, batches: Sequence[LoadedBatch]) -> tuple[date, ...]:
    files = [
        batch_file(home.raw, "opening_portfolio", batch.entry.batch_id)
        for batch in batches
        if batch.entry.table == "opening_portfolio"
    ]
    if not files:
        return ()
    with duck.memory(home.temporary) as connection:
        query = f"select distinct as_of_date from read_parquet([{literals(files)}]) order by as_of_date"
        return tuple(day for (day,) in connection.execute(query).fetchall())
