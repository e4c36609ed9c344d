"""How a customer grows, pays and orders (METHOD 1.12).

Belongs here: growth, payment, tenure, order rhythm, repeat probability.

Readings:
- Growth, the earlier 12 months: a revenue_history row of that calendar year wins if the 12 months are that year or
  if delivered lines do not cover them (the company's first posting month is later than their first month); else the
  delivered lines; lines that cover only a part are no start (NULL), as they would show growth that never was. A row of
  a pure group node stands for the whole group; otherwise entities without a row add their lines. The end is net_revenue
  of the window. Mid-year the fallback is the calendar year in which the earlier 12 months end.
- Payment: all delivered items due up to as_of count, not only those of the window. No amount: NULL.
- Tenure: dates after as_of do not count. The first invoice line is the first line of any doc_type.
- Orders after as_of do not count. A customer's gaps run between its distinct order dates.
- repeat_probability: a gap reached ratio r if its length >= r x its customer's median; it ended in time if it ended at
  most 365 days after that point; an open gap counts (as not ended) once observed 365 days longer. Gaps of customers
  without a median do not count. Exact ratios, not rounded ones, are compared. n is given where recency_ratio is.
- Leads: everything NULL, churn_risk false.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

from .arithmetic import growth_rate, median, quotient, ratio
from .book import Book, Item
from .contribution import Sheet
from .inputs import Row, Settings
from .periods import full_years, month_of
from .result import Growth, Loyalty, Payment
from .structure import Place, Structure

NO_LOYALTY = Loyalty(None, None, None, None, False, None, None, None, None, None)
YEAR_DAYS = 365
Y3, Y1 = 36, 12


def cagr(start: int | None, end: int, years: int = 3) -> Decimal | None:
    """Compound annual growth of an amount in cents; -1 if nothing is left, None without a positive start."""
    if start is None or start <= 0:
        return None
    return ratio(-1) if end <= 0 else growth_rate(start, end, years)


def growth(book: Book, sheet: Sheet, structure: Structure, place: Place, as_of: date, end: int) -> Growth:
    """Growth of a customer up to the window's net revenue in cents."""
    three_years_ago = _revenue(book, sheet, structure, place, month_of(as_of) - Y3)
    prior = _revenue(book, sheet, structure, place, month_of(as_of) - Y1)
    yoy = None if prior is None or prior <= 0 else ratio(Fraction(end, prior) - 1)
    return Growth(revenue_cagr_3y=cagr(three_years_ago, end), revenue_yoy=yoy)


def _revenue(book: Book, sheet: Sheet, structure: Structure, place: Place, last_month: int) -> int | None:
    """Net revenue in cents of the 12 months ending with a month; None if unknown."""
    months = range(last_month - 11, last_month + 1)
    is_covered = book.first_month is not None and book.first_month <= months[0]
    is_calendar_year = last_month % 12 == 11
    year = last_month // 12
    members = structure.members.get(place.parent_id, [])
    rows = {member: book.history[member][year] for member in members if year in book.history.get(member, {})}
    if rows and (is_calendar_year or not is_covered):
        total = sum(rows.values())
        if is_covered and not rows.keys() & structure.group_nodes:
            total += sum(_delivered(book, member, months) for member in members if member not in rows)
        return total
    return sheet.sums(place, months).net if is_covered else None


def _delivered(book: Book, customer_id: str, months: range) -> int:
    by_month = book.lines.get(customer_id, {})
    return sum(
        gross - deductions for month in months if month in by_month for gross, deductions, _ in by_month[month].values()
    )


def payment(items: Iterable[Item], as_of: date, low_items_below: int) -> Payment:
    """Days beyond terms, weighted by amount, over the items due up to as_of."""
    amount = late = signed = count = 0
    for item in items:
        if item.due > as_of:
            continue
        until = as_of if item.cleared is None or item.cleared > as_of else item.cleared
        days = (until - item.due).days
        amount, late, signed = amount + item.amount, late + item.amount * max(0, days), signed + item.amount * days
        count += 1
    return Payment(quotient(late, amount), quotient(signed, amount), count, count < low_items_below)


@dataclass(frozen=True)
class Rhythm:
    """Days since a customer's last order, the gaps between its distinct order dates, and their median."""

    days_since: int | None
    intervals: list[int]
    middle: Fraction | None

    @property
    def recency(self) -> Fraction | None:
        """Days since the last order in units of the median interval."""
        return None if self.middle is None or self.days_since is None else self.days_since / self.middle


def rhythm(book: Book, members: list[str], as_of: date) -> Rhythm:
    """The orders of a parent's members."""
    days = sorted({day for member in members for day in book.orders.get(member, ()) if day <= as_of})
    intervals = [(after - before).days for before, after in pairwise(days)]
    return Rhythm((as_of - days[-1]).days if days else None, intervals, median(intervals) if intervals else None)


class _Ratios:
    """Lengths in units of a median interval, sorted once; many are equal, so they are counted."""

    def __init__(self, pairs: Iterable[tuple[int, Fraction]]) -> None:
        counts = Counter((length, middle.numerator, middle.denominator) for length, middle in pairs)
        ordered = sorted((Fraction(length * per, middle), n) for (length, middle, per), n in counts.items())
        self._values = [value for value, _ in ordered]
        self._below = [0, *accumulate(n for _, n in ordered)]

    def at_least(self, value: Fraction) -> int:
        """How many are the value or longer."""
        return self._below[-1] - self._below[bisect_left(self._values, value)]

    def above(self, value: Fraction) -> int:
        """How many are longer than the value."""
        return self._below[-1] - self._below[bisect_right(self._values, value)]


class Repeats:
    """All gaps of the portfolio, so that each customer's repeat probability is three look-ups."""

    def __init__(self, rhythms: Iterable[Rhythm], minimum: int) -> None:
        self._minimum = minimum
        ended: list[tuple[int, Fraction]] = []
        still_open: list[tuple[int, Fraction]] = []
        for one in rhythms:
            if one.middle is not None and one.days_since is not None:
                ended += [(length, one.middle) for length in one.intervals]
                still_open.append((one.days_since - YEAR_DAYS, one.middle))
        self._ended = _Ratios(ended)
        self._ended_a_year_earlier = _Ratios((length - YEAR_DAYS, middle) for length, middle in ended)
        self._open_for_a_year = _Ratios(still_open)

    def probability(self, recency: Fraction) -> tuple[Fraction | None, int]:
        """The share of comparable gaps that ended within 12 months (None if too few), and their number."""
        ended = self._ended.at_least(recency)
        too_late = self._ended_a_year_earlier.above(recency)
        n = ended + self._open_for_a_year.at_least(recency)
        return (None if n < max(1, self._minimum) else Fraction(ended - too_late, n)), n


def first_invoice(book: Book, structure: Structure, parent_id: str, as_of: date) -> date | None:
    """The day a customer became one; None if there is neither a first invoice date nor a line."""
    given = [day for day in structure.first_invoice_dates.get(parent_id, []) if day <= as_of]
    lines = [
        book.first_posting[member] for member in structure.members.get(parent_id, []) if member in book.first_posting
    ]
    known = given or [day for day in lines if day <= as_of]
    return min(known, default=None)


def tenure(book: Book, structure: Structure, parent_id: str, as_of: date) -> int | None:
    """Full years as a customer."""
    first = first_invoice(book, structure, parent_id, as_of)
    return None if first is None else full_years(first, as_of)


def invoices(book: Book, structure: Structure, parent_id: str, as_of: date) -> int:
    """Number of invoices of a customer up to as_of."""
    return sum(
        day <= as_of
        for member in structure.members.get(parent_id, [])
        for day in book.invoices.get(member, {}).values()
    )


def loyalty(one: Rhythm, tenure_years: int | None, repeats: Repeats, settings: Settings) -> Loyalty:
    """Tenure and order rhythm of a customer."""
    parameters: Row = settings.parameters
    recency = one.recency
    churn_risk = recency is not None and recency > Fraction(parameters["churn_recency_ratio_above"])
    cv_squared = None
    if len(one.intervals) >= 2:
        count, total = len(one.intervals), sum(one.intervals)
        cv_squared = Fraction(count * sum(days * days for days in one.intervals), total * total) - 1
    probability, n = (None, None) if recency is None else repeats.probability(recency)
    level = None
    if tenure_years is not None:
        reached = [row["level"] for row in settings.loyalty_tenure_levels if row["tenure_years_from"] <= tenure_years]
        level = max(1, max(reached, default=1) - (parameters["loyalty_churn_penalty_levels"] if churn_risk else 0))
    return Loyalty(
        tenure_years=tenure_years,
        days_since_last_order=one.days_since,
        median_interval_days=None if one.middle is None else ratio(one.middle),
        recency_ratio=None if recency is None else ratio(recency),
        churn_risk=churn_risk,
        interval_cv_squared=None if cv_squared is None else ratio(cv_squared),
        order_regularity=None if cv_squared is None else ratio(1 / (1 + cv_squared)),
        repeat_probability=None if probability is None else ratio(probability),
        repeat_n=n,
        loyalty_level=level,
    )
