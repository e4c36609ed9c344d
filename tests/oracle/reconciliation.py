"""Our result against the general ledger, per period and account group (METHOD 1.5).

Belongs here: the columns of the reconciliation. All amounts are result-signed: gross list revenue as it is, costs and
deductions negated, unused capacity minus (pool cost - assigned), so the columns add up to the ledger's result.

Readings:
- Periods of an as-of date: the months of its window from the first month with anything delivered on, and ledger years
  (YYYY) that end in it. A ledger year of a group takes all its months' place, also of months with a row of their own;
  the year of the as-of date itself, up to there, is an `open_period` unless it ends there. A month before the first
  one stands only where the ledger has a row for it. A month covered by no ledger row is `not_available`.
- A quarantined row without a posting date stands in the period `unknown` (status `undated`), one whose cost type cannot
  be read in the account group `unknown`. Where an amount of a quarantined row cannot be read, its group is never
  reconciled in that period.
- A group the ledger delivers at all, missing in a period the ledger covers with other groups, is a total of 0.00.
- A ledger group with several account groups is one row under the ledger group's name: it counts positive if it
  contains gross_list_revenue, else negative. Account groups no ledger group covers are rows of their own,
  without a ledger.
- Legal entities are added. difference = sum of our columns - ledger; status reconciled, difference or not_available.
- What belongs to whom follows the groups at the as-of date.
- An account group with several pools adds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from .arithmetic import cents, money
from .book import Book
from .contribution import Sheet
from .effort import Effort, Pools
from .inputs import ConfigurationError, Row, Settings
from .periods import label, month_of, window
from .result import Reconciliation
from .structure import Place

SALES_INDEPENDENT = {
    "gross_list_revenue": "gross",
    "revenue_deductions": "deductions",
    "cogs": "cogs",
    "marketing": "marketing",
    "service_logistics": "service_logistics",
}
ACCOUNT_GROUPS = (
    "gross_list_revenue",
    "revenue_deductions",
    "cogs",
    "marketing",
    "field_sales_cost",
    "inside_sales_cost",
    "service_logistics",
)
REVENUE = "gross_list_revenue"


UNKNOWN = "unknown"


class _Amounts:
    """Positive cents per (month, account group) and column; the month None holds what is undated."""

    def __init__(self, sheet: Sheet, effort: Effort, book: Book, pools: Pools, last: int) -> None:
        self._by_key: dict[tuple[int | None, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._unread = {key for key in book.unread if key[0] is None or key[0] <= last}
        for place, by_month in sheet.months.items():
            for month, sums in by_month.items():
                for group, attribute in SALES_INDEPENDENT.items():
                    self._by_key[month, group][_column(place)] += getattr(sums, attribute)
        for place, costs in effort.cost.items():
            for month, by_group in costs.items():
                for group, amount in by_group.items():
                    self._by_key[month, group][_column(place)] += amount
        for month_or_none, groups in book.quarantined.items():
            if month_or_none is None or month_or_none <= last:
                for group, amount in groups.items():
                    self._by_key[month_or_none, group]["quarantined"] += amount
        known = [month for month, _ in (*self._by_key, *self._unread) if month is not None]
        self.months = range(min(known), last + 1) if known else range(0)
        for month in self.months:
            for pool in pools.versions:
                assigned = effort.pool_cost.get(month, {}).get(pool, 0)
                key = month, pools.account_group(pool)
                self._by_key[key]["unused_capacity"] += pools.month_cost(pool, month) - assigned

    def has(self, month: int | None, group: str) -> bool:
        """Whether a group has an amount in a month, known or not."""
        return (month, group) in self._by_key or (month, group) in self._unread

    def is_unread(self, months: Iterable[int | None], groups: Iterable[str]) -> bool:
        """Whether an amount of the groups in the months cannot be read."""
        return bool(self._unread & {(month, group) for month in months for group in groups})

    def total(self, months: Iterable[int | None], signs: dict[str, int]) -> dict[str, int]:
        """Columns summed over months and account groups, each group times its sign."""
        total: dict[str, int] = defaultdict(int)
        for month in months:
            for group, sign in signs.items():
                for column, amount in self._by_key.get((month, group), {}).items():
                    total[column] += sign * amount
        return total


def _column(place: Place) -> str:
    return f"unassigned_{place.parent_id}" if place.column == "unassigned" else place.column


def reconcile(
    ledger_rows: list[Row], sheet: Sheet, effort: Effort, book: Book, pools: Pools, settings: Settings, as_of: date
) -> tuple[Reconciliation, ...]:
    """All rows of an as-of date by period and account group."""
    months, last = window(as_of), month_of(as_of)
    signs: dict[str, dict[str, int]] = defaultdict(dict)
    for row in settings.ledger_groups:
        signs[row["ledger_group"]][row["account_group"]] = 1
    for groups in signs.values():
        if REVENUE in groups:  # delivered net of the rest it holds
            groups.update({group: -1 for group in groups if group != REVENUE})
    years = {(row["period"], row["account_group"]) for row in ledger_rows if len(row["period"]) == 4}
    ledger: dict[tuple[str, str], int] = defaultdict(int)
    for row in ledger_rows:
        if len(row["period"]) == 4 or (row["period"][:4], row["account_group"]) not in years:
            ledger[row["period"], row["account_group"]] += cents(row["amount"])
    unmapped = {group for _, group in ledger} - set(signs)
    if unmapped:
        raise ConfigurationError(f"ledger groups without a mapping: {sorted(unmapped)}")
    covered = {group for groups in signs.values() for group in groups}
    own = {pools.account_group(pool) for pool in pools.versions} | set(ACCOUNT_GROUPS)
    for group in (own | {UNKNOWN}) - covered:
        signs[group] = {group: 1}

    amounts = _Amounts(sheet, effort, book, pools, last)
    told_periods, told_groups = {period for period, _ in ledger}, {group for _, group in ledger}
    shown_years = {f"{month // 12:04d}" for month in months if month % 12 == 11} | {f"{as_of.year:04d}"}
    rows = []
    for group, group_signs in sorted(signs.items()):
        periods: list[tuple[str, list[int | None]]] = []
        for year in sorted(shown_years):
            if (year, group) in ledger:
                first = int(year) * 12
                periods.append((year, [month for month in range(first, first + 12) if month <= last]))
        for month in months:
            is_delivered = month in amounts.months and (group != UNKNOWN or amounts.has(month, group))
            if (label(month)[:4], group) not in years and (is_delivered or (label(month), group) in ledger):
                periods.append((label(month), [month]))
        if any(amounts.has(None, part) for part in group_signs):
            periods.append((UNKNOWN, [None]))
        direction = 1 if REVENUE in group_signs else -1
        for period, period_months in periods:
            total = amounts.total(period_months, group_signs)
            missing = 0 if period in told_periods and group in told_groups else None
            found = _row(period, group, direction, total, ledger.get((period, group), missing))
            if period == UNKNOWN:
                found = replace(found, status="undated")
            elif len(period) == 4 and f"{period}-12" > label(last):
                found = replace(found, status="open_period")
            elif found.status == "reconciled" and amounts.is_unread(period_months, group_signs):
                found = replace(found, status="difference")
            rows.append(found)
    return tuple(sorted(rows, key=lambda row: (row.period, row.account_group)))


def _row(period: str, group: str, direction: int, positive: dict[str, int], ledger: int | None) -> Reconciliation:
    signed = {column: direction * amount for column, amount in positive.items()}
    difference = None if ledger is None else sum(signed.values()) - direction * ledger
    unknown, no_cost_centre = (
        signed.get("unassigned_unknown_customer", 0),
        signed.get("unassigned_missing_cost_centre", 0),
    )
    return Reconciliation(
        period=period,
        account_group=group,
        customers=money(signed.get("customers", 0)),
        leads=money(signed.get("leads", 0)),
        intercompany=money(signed.get("intercompany", 0)),
        unassigned_unknown_customer=money(unknown),
        unassigned_missing_cost_centre=money(no_cost_centre),
        unassigned=money(unknown + no_cost_centre),
        quarantined=money(signed.get("quarantined", 0)),
        unused_capacity=money(signed.get("unused_capacity", 0)),
        ledger=None if ledger is None else money(direction * ledger),
        difference=None if difference is None else money(difference),
        status="not_available" if difference is None else "difference" if difference else "reconciled",
    )
