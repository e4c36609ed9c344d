"""Our result against the general ledger, per period and account group (METHOD 1.5).

Belongs here: the columns of the reconciliation. All amounts are result-signed: gross list revenue as it is, costs and
deductions negated, unused capacity minus (pool cost - assigned), so the columns add up to the ledger's result.

Readings:
- Periods of an as-of date: the months of its window, and ledger years (YYYY) that end in it. A month without its own
  ledger row whose year has one is told by the year; a month covered by neither is `not_available`.
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
from datetime import date

from .arithmetic import cents, money
from .book import Book
from .contribution import Sheet
from .effort import Effort, Pools
from .inputs import ConfigurationError, Row, Settings
from .periods import label, window
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


class _Amounts:
    """Positive cents per (month, account group) and column."""

    def __init__(self, sheet: Sheet, effort: Effort, book: Book, pools: Pools, months: Iterable[int]) -> None:
        self._by_key: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        wanted = set(months)
        for place, by_month in sheet.months.items():
            for month in wanted & by_month.keys():
                for group, attribute in SALES_INDEPENDENT.items():
                    self._by_key[month, group][_column(place)] += getattr(by_month[month], attribute)
        for place, costs in effort.cost.items():
            for month in wanted & costs.keys():
                for group, amount in costs[month].items():
                    self._by_key[month, group][_column(place)] += amount
        for month in wanted:
            for group, amount in book.quarantined.get(month, {}).items():
                self._by_key[month, group]["quarantined"] += amount
            for pool in pools.versions:
                assigned = effort.pool_cost.get(month, {}).get(pool, 0)
                key = month, pools.account_group(pool)
                self._by_key[key]["unused_capacity"] += pools.month_cost(pool, month) - assigned

    def total(self, months: Iterable[int], signs: dict[str, int]) -> dict[str, int]:
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
    months = window(as_of)
    signs: dict[str, dict[str, int]] = defaultdict(dict)
    for row in settings.ledger_groups:
        signs[row["ledger_group"]][row["account_group"]] = 1
    for groups in signs.values():
        if REVENUE in groups:  # delivered net of the rest it holds
            groups.update({group: -1 for group in groups if group != REVENUE})
    ledger: dict[tuple[str, str], int] = defaultdict(int)
    for row in ledger_rows:
        ledger[row["period"], row["account_group"]] += cents(row["amount"])
    unmapped = {group for _, group in ledger} - set(signs)
    if unmapped:
        raise ConfigurationError(f"ledger groups without a mapping: {sorted(unmapped)}")
    covered = {group for groups in signs.values() for group in groups}
    own = {pools.account_group(pool) for pool in pools.versions} | set(ACCOUNT_GROUPS)
    for group in own - covered:
        signs[group] = {group: 1}

    years = {month // 12 for month in months if month % 12 == 11}
    wanted = set(months) | {year * 12 + index for year in years for index in range(12)}
    amounts = _Amounts(sheet, effort, book, pools, wanted)
    told_periods, told_groups = {period for period, _ in ledger}, {group for _, group in ledger}
    rows = []
    for group, group_signs in sorted(signs.items()):
        told_by_year = {year for year in years if (f"{year:04d}", group) in ledger}
        periods = [(f"{year:04d}", [year * 12 + index for index in range(12)]) for year in sorted(told_by_year)]
        for month in months:
            if (label(month), group) in ledger or month // 12 not in told_by_year:
                periods.append((label(month), [month]))
        direction = 1 if REVENUE in group_signs else -1
        for period, period_months in periods:
            total = amounts.total(period_months, group_signs)
            missing = 0 if period in told_periods and group in told_groups else None
            rows.append(_row(period, group, direction, total, ledger.get((period, group), missing)))
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
