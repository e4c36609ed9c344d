"""How a customer grows, pays and orders (METHOD 1.12).

Belongs here: growth, payment, tenure, order rhythm, repeat probability.

Readings:
- Growth, the earlier 12 months: a revenue_history row of that fiscal year wins if the 12 months are that year or
  if delivered lines do not cover them (the company's first posting month is later than their first month); else the
  delivered lines; lines that cover only a part are no start (NULL), as they would show growth that never was. A row of
  a pure group node stands for the whole group; otherwise entities without a row add their lines. The end is net_revenue
  of the window. Mid-year the fallback is the calendar year in which the earlier 12 months end.
- Payment: items due up to as_of, and either due in the window or not paid before its first day. No amount: NULL.
- Tenure: dates after as_of do not count; the first invoice line is the first line of any doc_type. Censored: no known first
  invoice date, and the first line less than tenure_censored_within_days after the first line of the company (any customer
  id, up to as_of).
- Order dates after as_of do not count. A customer's gaps run between its distinct order dates; book.py says what they are.
- repeat_probability: the state of 12 months before is that of the order dates up to the month end then, of the groups and
  blocked dates as they are now. Exact ratios are compared, not rounded ones. 24 months are delivered if the first order
  date of any customer id lies in or before their first month. Not asked: leads, blocked, insolvent, never bought, no
  order date.
- Leads: everything NULL but order_basis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from .arithmetic import growth_rate, median, quotient, ratio
from .book import Book, Item
from .contribution import Sheet
from .inputs import Row, Settings
from .periods import full_years, month_end, month_of
from .result import Growth, Loyalty, Payment
from .structure import Place, Structure

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
    # Named after the calendar year it ends in.
    is_fiscal_year = (last_month + 1) % 12 == book.fiscal_year_start - 1
    year = last_month // 12 + (1 if 1 < book.fiscal_year_start <= last_month % 12 + 1 else 0)
    members = structure.members.get(place.parent_id, [])
    rows = {member: book.history[member][year] for member in members if year in book.history.get(member, {})}
    if rows and (is_fiscal_year or not is_covered):
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
    """Days beyond terms, weighted by amount, over the items due up to as_of that say how the customer pays now."""
    first_day = month_end(month_of(as_of) - Y1) + timedelta(days=1)
    amount = late = signed = count = 0
    for item in items:
        is_past = item.due < first_day and item.cleared is not None and item.cleared < first_day
        if item.due > as_of or is_past:
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
    days: tuple[date, ...] = ()

    @property
    def recency(self) -> Fraction | None:
        """Days since the last order in units of the median interval."""
        return None if self.middle is None or self.days_since is None else self.days_since / self.middle


def rhythm(book: Book, members: list[str], as_of: date) -> Rhythm:
    """The order dates of a parent's members."""
    days = sorted(set().union(*(book.order_days(member, as_of) for member in members)))
    return rhythm_of(days, as_of)


def rhythm_of(days: list[date], as_of: date) -> Rhythm:
    """The rhythm of distinct order dates in order."""
    intervals = [(after - before).days for before, after in pairwise(days)]
    return Rhythm(
        (as_of - days[-1]).days if days else None, intervals, median(intervals) if intervals else None, tuple(days)
    )


@dataclass(frozen=True)
class Repeat:
    """How many customers looked like this one a year ago, and how many of them ordered again; of all beside it."""

    probability: Decimal | None = None
    n: int | None = None
    k: int | None = None
    alike_in: str | None = None
    base_rate: Decimal | None = None
    base_n: int | None = None
    base_k: int | None = None


def repeats(
    book: Book,
    rhythms: Mapping[str, Rhythm],
    blocked_from: Mapping[str, date | None],
    never: set[str],
    as_of: date,
    least: int,
) -> dict[str, Repeat]:
    """The answers for all customers; `blocked_from` is the first day of being blocked or insolvent."""
    then = month_end(month_of(as_of) - Y1)
    first = min((day for ids in book.all_order_days(as_of).values() for day in ids), default=None)
    if first is None or month_of(first) > month_of(as_of) - 2 * Y1 + 1:
        return {key: Repeat() for key in rhythms}
    counts: Counter[tuple[str, ...]] = Counter()
    again: Counter[tuple[str, ...]] = Counter()
    for key, one in rhythms.items():
        before = [day for day in one.days if day <= then]
        barred = blocked_from[key]
        if not before or (barred is not None and barred <= then):
            continue
        looks = _looks(rhythm_of(before, then), then)
        for group in ((), looks[:1], looks):
            counts[group] += 1
            again[group] += one.days[-1] > then
    base_n, base_k = counts[()], again[()]
    base_rate = ratio(Fraction(base_k + 1, base_n + 2)) if base_n else None
    answers = {}
    for key, one in rhythms.items():
        barred = blocked_from[key]
        answers[key] = Repeat(base_rate=base_rate, base_n=base_n, base_k=base_k)
        if key in never or not one.days or (barred is not None and barred <= as_of):
            continue
        looks = _looks(one, as_of)
        for group in (looks, looks[:1]):
            n, k = counts[group], again[group]
            if n >= least:
                share = ratio(Fraction(k + 1, n + 2))
                answers[key] = Repeat(share, n, k, " / ".join(group), base_rate, base_n, base_k)
                break
    return answers


def _looks(one: Rhythm, day: date) -> tuple[str, str]:
    """The classes of a customer at a month end: of its recency ratio, and of its order dates in the 12 months."""
    recency = one.recency
    silence = "none"
    if recency is not None:
        silence = next((f"<= {limit}" for limit in (1, 2, 4) if recency <= limit), "> 4")
    orders = sum(month_of(each) > month_of(day) - Y1 for each in one.days)
    return silence, next(
        (name for most, name in ((0, "0"), (2, "1-2"), (6, "3-6"), (12, "7-12")) if orders <= most), "> 12"
    )


@dataclass(frozen=True)
class Tenure:
    """Since when somebody is a customer; nothing of whoever never bought."""

    since: date | None
    years: int | None
    is_censored: bool | None


def tenure(book: Book, structure: Structure, parent_id: str, as_of: date, censored_within: int) -> Tenure:
    """The first invoice date known, else the first line."""
    given = [day for day in structure.first_invoice_dates.get(parent_id, []) if day <= as_of]
    if given:
        return Tenure(min(given), full_years(min(given), as_of), is_censored=False)
    lines = [book.first_posting[one] for one in structure.members.get(parent_id, []) if one in book.first_posting]
    posted = [day for day in lines if day <= as_of]
    if not posted:
        return Tenure(None, None, None)
    begin = min(book.first_posting.values())
    return Tenure(min(posted), full_years(min(posted), as_of), (min(posted) - begin).days < censored_within)


def invoices(book: Book, structure: Structure, parent_id: str, as_of: date) -> int:
    """Number of invoices of a customer up to as_of."""
    return sum(
        day <= as_of
        for member in structure.members.get(parent_id, [])
        for day in book.invoices.get(member, {}).values()
    )


def no_loyalty(order_basis: str) -> Loyalty:
    """What is said of a lead."""
    return Loyalty(
        **dict.fromkeys((field.name for field in fields(Loyalty) if field.name != "order_basis"), None),
        order_basis=order_basis,
    )


def loyalty(one: Rhythm, since: Tenure, repeat: Repeat, order_basis: str, settings: Settings) -> Loyalty:
    """Tenure and order rhythm of a customer."""
    parameters: Row = settings.parameters
    recency = one.recency
    churn_risk = None
    if since.since is not None:
        churn_risk = recency is not None and recency > Fraction(parameters["churn_recency_ratio_above"])
    cv_squared = None
    if len(one.intervals) >= 2:
        count, total = len(one.intervals), sum(one.intervals)
        cv_squared = Fraction(count * sum(days * days for days in one.intervals), total * total) - 1
    level = None
    if since.years is not None:
        reached = [row["level"] for row in settings.loyalty_tenure_levels if row["tenure_years_from"] <= since.years]
        level = max(1, max(reached, default=1) - (parameters["loyalty_churn_penalty_levels"] if churn_risk else 0))
    return Loyalty(
        customer_since=since.since,
        tenure_years=since.years,
        is_tenure_censored=since.is_censored,
        order_basis=order_basis,
        days_since_last_order=one.days_since,
        median_interval_days=None if one.middle is None else ratio(one.middle),
        recency_ratio=None if recency is None else ratio(recency),
        churn_risk=churn_risk,
        interval_cv_squared=None if cv_squared is None else ratio(cv_squared),
        order_regularity=None if cv_squared is None else ratio(1 / (1 + cv_squared)),
        repeat_probability=repeat.probability,
        repeat_n=repeat.n,
        repeat_k=repeat.k,
        repeat_class=repeat.alike_in,
        repeat_base_rate=repeat.base_rate,
        repeat_base_n=repeat.base_n,
        repeat_base_k=repeat.base_k,
        loyalty_level=level,
    )


def status(
    is_lead: bool, is_barred: bool, is_observed: bool, since: Tenure, one: Rhythm, as_of: date, months: int
) -> str:
    """The customer status: the first that applies."""
    if is_barred:
        return "blocked"
    if is_lead:
        return "lead"
    if since.since is None:
        return "never_bought"
    if is_observed:
        return "new"
    is_active = any(month_of(day) > month_of(as_of) - months for day in one.days)
    return "active" if is_active else "lapsed"
