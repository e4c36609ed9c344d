"""Contribution I to IV per parent, month and reason (METHOD 1.3, 1.4).

Belongs here: adding cents up to the levels of the contribution. Does not belong here: who the parent is, what an
activity costs.

Readings:
- A parent's contribution holds its customer and lead entities; intercompany entities stand beside, by parent.
- price_realisation_ratio and discount_rate_ratio are NULL unless gross list revenue > 0.
- A parent's share of the unlogged cost is an amount: rounded to cents, then subtracted.
- The capacity columns (low bound, reliability) exist for scored parents only.
- Sums hold what is known: of a cost that is not, 0, and None is published in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .arithmetic import divide, money, quotient, score
from .book import Book
from .depth import Depth
from .effort import Effort, Pools
from .inputs import Settings
from .periods import label, window
from .result import Contribution, ContributionMonth
from .structure import MISSING_COST_CENTRE, Place, Structure


@dataclass
class Sums:
    """Cents of one place in one month."""

    gross: int = 0
    deductions: int = 0
    cogs: int = 0
    imputed: int = 0
    imputed_net: int = 0
    imputed_lines: int = 0
    marketing: int = 0
    service_logistics: int = 0
    sales: int = 0

    def add(self, other: Sums) -> None:
        """Add another place's or month's cents."""
        self.gross += other.gross
        self.deductions += other.deductions
        self.cogs += other.cogs
        self.imputed += other.imputed
        self.imputed_net += other.imputed_net
        self.imputed_lines += other.imputed_lines
        self.marketing += other.marketing
        self.service_logistics += other.service_logistics
        self.sales += other.sales

    @property
    def net(self) -> int:
        """Net revenue."""
        return self.gross - self.deductions

    @property
    def contribution_1(self) -> int:
        """Net revenue less cost of goods sold."""
        return self.net - self.cogs

    @property
    def contribution_2(self) -> int:
        """Less marketing."""
        return self.contribution_1 - self.marketing

    @property
    def contribution_3(self) -> int:
        """Less sales cost."""
        return self.contribution_2 - self.sales

    @property
    def contribution_4(self) -> int:
        """Less service and logistics: the customer contribution."""
        return self.contribution_3 - self.service_logistics


@dataclass
class Sheet:
    """All amounts placed at one as-of date: place -> month -> sums; net revenue by place, month and product group."""

    months: dict[Place, dict[int, Sums]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Sums)))
    net_by_group: dict[Place, dict[int, dict[str | None, int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    )

    months_without_cogs: set[int] = field(default_factory=set)
    """Months in which nothing stands in for the cost of goods of a line."""

    def sums(self, place: Place, months: Iterable[int]) -> Sums:
        """The sums of a place over some months."""
        total, by_month = Sums(), self.months.get(place, {})
        for month in months:
            if month in by_month:
                total.add(by_month[month])
        return total

    def net_per_group(self, place: Place, months: Iterable[int]) -> dict[str | None, int]:
        """Net revenue per product group of a place over some months; groups that were invoiced at all."""
        total: dict[str | None, int] = defaultdict(int)
        by_month = self.net_by_group.get(place, {})
        for month in months:
            for group, amount in by_month.get(month, {}).items():
                total[group] += amount
        return dict(total)


def place_amounts(book: Book, structure: Structure, effort: Effort, last_month: int, depth: Depth) -> Sheet:
    """Every line, direct cost and activity up to a month at its place; of costs, what is delivered."""
    sheet = Sheet()
    for customer_id, by_month in book.lines.items():
        place = structure.place(customer_id)
        for month, by_group in by_month.items():
            if month > last_month:
                continue
            sums, nets = sheet.months[place][month], sheet.net_by_group[place][month]
            wanting = book.without_cogs.get(customer_id, {}).get(month, [])
            no_ratio = {group for group, net in wanting if depth.ratios.imputed(group, net) is None}
            if no_ratio and depth.is_delivered("cogs"):
                sheet.months_without_cogs.add(month)
            for group, (gross, deductions, cogs) in by_group.items():
                sums.gross += gross
                sums.deductions += deductions
                sums.cogs += cogs if depth.is_delivered("cogs") and group not in no_ratio else 0
                nets[group] += gross - deductions
    for customer_id, missing in book.without_cogs.items() if depth.is_delivered("cogs") else ():
        for month, lines in missing.items():
            if month > last_month:
                continue
            sums = sheet.months[structure.place(customer_id)][month]
            no_ratio = {group for group, net in lines if depth.ratios.imputed(group, net) is None}
            for group, net in lines:
                imputed = 0 if group in no_ratio else depth.ratios.imputed(group, net) or 0
                sums.cogs += imputed
                sums.imputed += imputed
                sums.imputed_net += net
                sums.imputed_lines += 1
    for cost_customer, costs in book.costs.items():
        place = MISSING_COST_CENTRE if cost_customer is None else structure.place(cost_customer)
        for month, by_type in costs.items():
            if month <= last_month:
                sums = sheet.months[place][month]
                sums.marketing += by_type.get("marketing", 0) if depth.is_delivered("marketing") else 0
                logistics = by_type.get("service_logistics", 0)
                sums.service_logistics += logistics if depth.is_delivered("service_logistics") else 0
    for place, activity_costs in effort.cost.items():
        for month, by_account_group in activity_costs.items():
            sales = sum(by_account_group.values())
            sheet.months[place][month].sales += sales if depth.is_delivered("sales") else 0
    return sheet


class Publisher:
    """Turns sums into published rows of one as-of date."""

    def __init__(
        self,
        sheet: Sheet,
        effort: Effort,
        pools: Pools,
        settings: Settings,
        structure: Structure,
        as_of: date,
        depth: Depth,
    ) -> None:
        self._depth, self._parameters = depth, settings.parameters
        self._sheet, self._effort, self._months = sheet, effort, window(as_of)
        parameters = settings.parameters
        self._field, self._inside = parameters["field_pool"], parameters["inside_pool"]
        practical = pools.hours(self._field, as_of)
        logged = Fraction(effort.pool_minutes[self._field], 60)
        self._visits = sum(effort.visits.get(scored_place(structure, parent), 0) for parent in structure.scored())
        self._unlogged_cost = max(Fraction(0), practical - logged) * pools.rate(self._field, as_of)
        used = logged / practical if practical and depth.is_delivered("sales") else None
        self._ratio = None if used is None else quotient(used.numerator, used.denominator)
        self._is_logged_little = used is not None and used < Fraction(parameters["min_logged_capacity_ratio"])

    def window(self, place: Place, *, is_scored: bool) -> Contribution:
        """The contribution of a place in the window."""
        sums = self._sheet.sums(place, self._months)
        minutes = self._effort.minutes.get(place, {})
        low, depth = None, self._depth.contribution_depth
        levels = known_levels(sums, depth)
        judged = levels[depth - 1] if depth else None
        if is_scored and self._visits and self._ratio is not None and depth >= 3 and judged is not None:
            share = self._unlogged_cost * self._effort.visits.get(place, 0) / self._visits
            low = money(judged - divide(share.numerator, share.denominator))
        has_margin = is_scored and sums.net > 0
        return Contribution(
            gross_list_revenue=money(sums.gross),
            revenue_deductions=money(sums.deductions),
            net_revenue=money(sums.net),
            cogs=self._of("cogs", sums.cogs),
            imputed_cogs=self._of("cogs", sums.imputed),
            contribution_1=_money(levels[0]),
            marketing_cost=self._of("marketing", sums.marketing),
            contribution_2=_money(levels[1]),
            field_hours=score(Fraction(minutes.get(self._field, 0), 60)),
            inside_hours=score(Fraction(minutes.get(self._inside, 0), 60)),
            sales_cost=self._of("sales", sums.sales),
            contribution_3=_money(levels[2]),
            service_logistics_cost=self._of("service_logistics", sums.service_logistics),
            contribution_4=_money(levels[3]),
            contribution_4_margin_ratio=quotient(levels[3], sums.net) if has_margin and levels[3] is not None else None,
            contribution_depth=depth,
            customer_contribution=_money(judged),
            customer_contribution_margin_ratio=quotient(judged, sums.net)
            if has_margin and judged is not None
            else None,
            contribution_4_low=low,
            logged_capacity_ratio=self._ratio if is_scored else None,
            contribution_reliability=self._reliability(sums, judged) if is_scored else None,
            price_realisation_ratio=quotient(sums.net, sums.gross) if sums.gross > 0 else None,
            discount_rate_ratio=quotient(sums.deductions, sums.gross) if sums.gross > 0 else None,
        )

    def _of(self, cost: str, amount: int) -> Decimal | None:
        return money(amount) if self._depth.is_known(cost) else None

    def _reliability(self, sums: Sums, judged: int | None) -> str | None:
        """Before what nobody logged of a single customer is asked (service.reliability)."""
        limit = Fraction(self._parameters["max_imputed_revenue_ratio"])
        is_imputed = sums.imputed_net > limit * sums.net if sums.net > 0 else sums.imputed_lines > 0
        if self._is_logged_little or is_imputed:
            return "low"
        return None if self._ratio is None or judged is None else "normal"

    def monthly(self, parent_id: str, place: Place) -> dict[tuple[str, str], ContributionMonth]:
        """The months of the window in which a place has any row, by (YYYY-MM, parent)."""
        by_month = self._sheet.months.get(place, {})
        return {(label(month), parent_id): self._month(by_month[month]) for month in self._months if month in by_month}

    def _month(self, sums: Sums) -> ContributionMonth:
        depth = self._depth.contribution_depth
        levels = known_levels(sums, depth)
        return ContributionMonth(
            gross_list_revenue=money(sums.gross),
            revenue_deductions=money(sums.deductions),
            net_revenue=money(sums.net),
            cogs=self._of("cogs", sums.cogs),
            imputed_cogs=self._of("cogs", sums.imputed),
            contribution_1=_money(levels[0]),
            marketing_cost=self._of("marketing", sums.marketing),
            contribution_2=_money(levels[1]),
            sales_cost=self._of("sales", sums.sales),
            contribution_3=_money(levels[2]),
            service_logistics_cost=self._of("service_logistics", sums.service_logistics),
            contribution_4=_money(levels[3]),
            customer_contribution=_money(levels[depth - 1]) if depth else None,
        )


def known_levels(sums: Sums, depth: int) -> list[int | None]:
    """Contribution I to IV as far as the costs are known."""
    levels = (sums.contribution_1, sums.contribution_2, sums.contribution_3, sums.contribution_4)
    return [amount if number <= depth else None for number, amount in enumerate(levels, 1)]


def _money(amount: int | None) -> Decimal | None:
    return None if amount is None else money(amount)


def scored_place(structure: Structure, parent_id: str) -> Place:
    """The place of a customer or lead."""
    return Place(structure.kinds[parent_id] + "s", parent_id)
