"""Our result against the general ledger, per legal entity, period and account group (METHOD 1.5).

Belongs here: the columns of the reconciliation. All amounts are result-signed: gross list revenue as it is, costs and
deductions negated, unused capacity minus (pool cost - assigned), so the columns add up to the ledger's result.

Readings:
- A legal entity's group of a year is compared by the year where the ledger has the year or an adjustment period of it, else by the
  month between its first and its last month; without any row, the year is `not_available`. The months of an adjusted year and of
  one that is not available stand beside it (`within_year`). Yearly and monthly rows together: `blocking_error`.
- A year is not available if it is not over at the as-of date or begins before the month of the first posting of the company.
- A quarantined row without a posting date stands in the period `unknown` (status `undated`), one whose cost type cannot
  be read in the account group `unknown`, one of several legal entities that names none under `unknown`. Where an amount of a
  quarantined row cannot be read, its group is never reconciled in that period.
- A ledger group with several account groups is one row under the ledger group's name: it counts positive if it
  contains gross_list_revenue, else negative. Account groups no ledger group covers are rows of their own,
  without a ledger. One that holds a cost that is not known has no amounts (`cost_unknown`).
- Pools and activities are those of the only legal entity; of several nobody knows which, so that the ledger groups that hold
  their cost are compared over all of them (`*`). Where activities are not delivered, no capacity is unused.
- What belongs to whom follows the groups at the as-of date. An account group with several pools adds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .arithmetic import cents, money
from .book import Book
from .contribution import Sheet
from .depth import Depth
from .effort import Effort, Pools
from .inputs import ConfigurationError, Row, Settings
from .periods import label, month_end, month_of
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
COST_OF = {"cogs": "cogs", "marketing": "marketing", "service_logistics": "service_logistics"} | dict.fromkeys(
    ("field_sales_cost", "inside_sales_cost"), "sales"
)
REVENUE, UNKNOWN, ALL = "gross_list_revenue", "unknown", "*"
ADVANCE = "advance"
"""The one column that is no part of the total."""
COLUMNS = (
    "customers", "leads", "intercompany", "unassigned_unknown_customer", "unassigned_missing_cost_centre", "quarantined",
    "unused_capacity", "imputed_cogs", ADVANCE,
)  # fmt: skip

Month = int | None


@dataclass
class _Cell:
    """Cents by column, result-signed, of one legal entity, ledger group and month."""

    amounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    is_unread: bool = False
    is_unknown: bool = False


@dataclass
class _Year:
    """What the ledger has of a legal entity's group in a year: cents by period, delivered as they are."""

    year: int | None = None
    months: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    adjustments: int | None = None

    @property
    def is_double(self) -> bool:
        return self.year is not None and bool(self.months)

    @property
    def is_yearly(self) -> bool:
        return self.year is not None or self.adjustments is not None


class _Amounts:
    """Every cell of an as-of date."""

    def __init__(self, groups: Mapping[str, str], depth: Depth, last: int) -> None:
        self._groups, self._depth, self._last = groups, depth, last
        self.cells: dict[tuple[str, str, Month], _Cell] = {}

    def add(self, company: str, month: Month, group: str, column: str | None, amount: int | None) -> None:
        """An amount in the account group's own sign; `amount` None cannot be read, `column` None only tells of the cell."""
        if month is not None and month > self._last:
            return
        cell = self.cells.setdefault((company, self._groups.get(group, group), month), _Cell())
        cost = COST_OF.get(group)
        cell.is_unknown = cell.is_unknown or (cost is not None and not self._depth.is_known(cost))
        if amount is None:
            cell.is_unread = True
        elif column is not None:
            cell.amounts[column] += amount if group == REVENUE else -amount


def reconcile(
    ledger_rows: list[Row],
    sheets: Mapping[str, Sheet],
    books: Mapping[str, Book],
    effort: Effort,
    pools: Pools,
    settings: Settings,
    as_of: date,
    depth: Depth,
    first_posting: int | None,
) -> tuple[Reconciliation, ...]:
    """All rows of an as-of date; sheets and books by legal entity (UNKNOWN: rows that name none)."""
    last = month_of(as_of)
    groups = {row["account_group"]: row["ledger_group"] for row in settings.ledger_groups}
    named = {row["company_id"] for row in ledger_rows} | {
        one for one in books if one != UNKNOWN and _is_booked(books[one])
    }
    only = next(iter(named)) if len(named) == 1 else None
    amounts = _collect(sheets, books, effort, pools, depth, groups, last, only)
    shared = {group for company, group, _ in amounts.cells if company == ALL}
    cells: dict[tuple[str, str], dict[Month, list[_Cell]]] = defaultdict(lambda: defaultdict(list))
    for (company, group, month), cell in amounts.cells.items():
        cells[ALL if group in shared else company, group][month].append(cell)
    years: dict[tuple[str, str], dict[int, _Year]] = defaultdict(lambda: defaultdict(_Year))
    for row in ledger_rows:
        group, number = row["account_group"], int(row["period"][5:] or 0)
        if group not in groups.values():
            raise ConfigurationError(f"ledger groups without a mapping: {group}")
        year = int(row["period"][:4])
        if year * 12 + (0 if number == 0 else min(number, 12) - 1) > last:
            continue
        entry = years[ALL if group in shared else row["company_id"], group][year]
        if number == 0:
            entry.year = (entry.year or 0) + cents(row["amount"])
        elif number > 12:
            entry.adjustments = (entry.adjustments or 0) + cents(row["amount"])
        else:
            entry.months[row["period"]] += cents(row["amount"])
    rows = []
    for key in sorted(set(cells) | set(years)):
        direction = 1 if groups.get(REVENUE) == key[1] or key[1] == REVENUE else -1
        rows += _rows(key, cells.get(key, {}), years.get(key, {}), direction, last, first_posting)
    return tuple(sorted(rows, key=lambda row: (row.company_id, row.period, row.account_group)))


def _is_booked(book: Book) -> bool:
    return bool(book.lines or book.costs)


def _collect(
    sheets: Mapping[str, Sheet],
    books: Mapping[str, Book],
    effort: Effort,
    pools: Pools,
    depth: Depth,
    groups: Mapping[str, str],
    last: int,
    only: str | None,
) -> _Amounts:
    amounts = _Amounts(groups, depth, last)
    booked: set[str] = set()
    months: set[int] = set()
    for company, sheet in sheets.items():
        for place, by_month in sheet.months.items():
            for month, sums in by_month.items():
                booked.add(company)
                months.add(month)
                for group, attribute in SALES_INDEPENDENT.items():
                    amounts.add(company, month, group, _column(place), getattr(sums, attribute))
                amounts.add(company, month, "cogs", "imputed_cogs", -sums.imputed)
        for month in sheet.months_without_cogs:
            amounts.add(company, month, "cogs", None, None)
    for place, costs in effort.cost.items():
        for month, by_group in costs.items():
            months.add(month)
            company = only or ALL
            if company != ALL:
                booked.add(company)
            for group in ("field_sales_cost", "inside_sales_cost"):
                sales = by_group.get(group, 0) if depth.is_delivered("sales") else 0
                amounts.add(company, month, group, _column(place), sales)
            if company == ALL:
                for group in SALES_INDEPENDENT:  # an activity is a booking without them
                    amounts.add(ALL, month, group, None, 0)
    for name, book in books.items():
        company = name if name != UNKNOWN else only or UNKNOWN
        for month, amount in book.advances.items():
            amounts.add(company, month, REVENUE, ADVANCE, amount)
        for month_or_none, by_group in book.quarantined.items():
            for group, amount in by_group.items():
                amounts.add(company, month_or_none, group, "quarantined", amount)
        for month_or_none, group in book.unread:
            amounts.add(company, month_or_none, group, "quarantined", None)
        told = [
            month
            for month in (*book.quarantined, *(month for month, _ in book.unread))
            if month is None or month <= last
        ]
        months |= {month for month in told if month is not None}
        if told and company != UNKNOWN:
            booked.add(company)
    every = range(min(months), last + 1) if months else range(0)
    for month in every:
        for company in booked:
            for group in ACCOUNT_GROUPS:
                amounts.add(company, month, group, None, 0)
        for pool in pools.versions if depth.is_delivered("sales") else ():
            if not pools.version(pool, month_end(month)):
                continue
            assigned = effort.pool_cost.get(month, {}).get(pool, 0)
            amounts.add(
                only or ALL,
                month,
                pools.account_group(pool),
                "unused_capacity",
                pools.month_cost(pool, month) - assigned,
            )
    return amounts


def _rows(
    key: tuple[str, str],
    cells: Mapping[Month, list[_Cell]],
    years: Mapping[int, _Year],
    direction: int,
    last: int,
    first_posting: int | None,
) -> list[Reconciliation]:
    rows = []
    for year in sorted({month // 12 for month in cells if month is not None} | set(years)):
        months = [month for month in cells if month is not None and month // 12 == year]
        ledger = years.get(year)
        whole = [cell for month in months for cell in cells[month]]
        if ledger is not None and ledger.is_double:
            rows.append(_row(key, f"{year:04d}", whole, None, direction, "blocking_error"))
            continue
        if ledger is None or ledger.is_yearly:
            is_told = (
                ledger is not None and year * 12 + 11 <= last and (first_posting is None or year * 12 >= first_posting)
            )
            total = (
                None if ledger is None else (ledger.year or 0) + sum(ledger.months.values()) + (ledger.adjustments or 0)
            )
            rows.append(_row(key, f"{year:04d}", whole, total, direction, None if is_told else "not_available"))
            if ledger is None or ledger.year is None:
                beside = {label(month) for month in months} | set(ledger.months if ledger else ())
                found = {label(month): cells[month] for month in months}
                rows += [
                    _row(key, period, found.get(period, []), None, direction, "within_year")
                    for period in sorted(beside)
                ]
            continue
        first, end = min(ledger.months), max(ledger.months)
        found = {label(month): cells[month] for month in months}
        for period in sorted(set(found) | set(ledger.months)):
            told = first <= period <= end
            total = ledger.months.get(period)
            rows.append(_row(key, period, found.get(period, []), total, direction, None if told else "not_available"))
    if None in cells:
        rows.append(_row(key, UNKNOWN, cells[None], None, direction, "undated"))
    return rows


def _row(
    key: tuple[str, str], period: str, cells: list[_Cell], ledger: int | None, direction: int, status: str | None
) -> Reconciliation:
    signed: dict[str, int] = defaultdict(int)
    for cell in cells:
        for column, amount in cell.amounts.items():
            signed[column] += amount
    is_unknown = any(cell.is_unknown for cell in cells)
    told = None if ledger is None else direction * ledger
    difference = None
    if is_unknown and status not in ("undated", "blocking_error", "within_year"):
        status = "cost_unknown"
    elif status is None:
        difference = sum(amount for column, amount in signed.items() if column != ADVANCE) - (told or 0)
        status = "difference" if difference or any(cell.is_unread for cell in cells) else "reconciled"
    amounts = {name: None if is_unknown else money(signed.get(name, 0)) for name in COLUMNS}
    both = [signed.get(f"unassigned_{name}", 0) for name in ("unknown_customer", "missing_cost_centre")]
    return Reconciliation(
        company_id=key[0],
        period=period,
        account_group=key[1],
        unassigned=None if is_unknown else money(sum(both)),
        ledger=_ledger(told, status),
        difference=None if difference is None else money(difference),
        status=status,
        **amounts,
    )


def _ledger(told: int | None, status: str) -> Decimal | None:
    if status in ("reconciled", "difference"):
        return money(told or 0)
    return money(told) if told is not None and status == "cost_unknown" else None


def _column(place: Place) -> str:
    return f"unassigned_{place.parent_id}" if place.column == "unassigned" else place.column
