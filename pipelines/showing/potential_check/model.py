"""What the potential check shows. Belongs here: shapes, and what follows from one of them. Not here: reading (read), words (words).

Money is in the reporting currency, a year's; None where the version does not know. Ratios are 0..1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Customer:
    """Row of mart_potential_check with the customer's name and area. `is_rate_asked`, `is_estimate_asked`: one of those asked first;
    `covered_with`: the share of revenue rated and estimated, the lesser of both, once this answer
    and those before it are there."""

    ultimate_parent_id: str
    customer_name: str
    owner_area: str | None
    customer_status: str | None
    net_revenue: Decimal | None
    revenue_change: Decimal | None
    revenue_yoy: Decimal | None
    portfolio_revenue_yoy: Decimal | None
    is_growing: bool | None
    missing_groups: int | None
    lapsed_groups: int | None
    signals_judged: int
    likely_revenue: Decimal | None
    is_rate_asked: bool
    is_estimate_asked: bool
    covered_with: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """Row of mart_product_group_signals."""

    ultimate_parent_id: str
    product_group: str
    group_signal: str
    likely_revenue: Decimal
    look_alike_buyers: int | None
    look_alikes: int | None


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """A product group over all customers: who lacks it, who no longer buys it, and the money."""

    product_group: str
    missing_customers: int
    missing_revenue: Decimal
    lapsed_customers: int
    lapsed_revenue: Decimal

    @property
    def likely_revenue(self) -> Decimal:
        """Both together."""
        return self.missing_revenue + self.lapsed_revenue


@dataclass(frozen=True, slots=True)
class Point:
    """A place of the curve: the share of revenue judged after so many answers."""

    answers: int
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """All customers of the date together."""

    customers: int
    portfolio_revenue: Decimal
    rated_revenue: Decimal | None
    estimated_revenue: Decimal
    to_rate: int
    to_estimate: int
    asked: int
    most_rated: Decimal | None
    most_estimated: Decimal | None
    growing: int
    growth_judged: int
    portfolio_revenue_yoy: Decimal | None
    missing_judged: int
    missing_customers: int
    missing_revenue: Decimal
    lapsed_judged: int
    lapsed_customers: int
    lapsed_revenue: Decimal
    likely_customers: int

    @property
    def is_rating(self) -> bool:
        """False where the method has no criterion that people rate: then demand alone is asked for."""
        return self.rated_revenue is not None

    def share(self, part: Decimal | None) -> Decimal | None:
        """A part of the revenue that can be covered; None where there is none."""
        return part / self.portfolio_revenue if part is not None and self.portfolio_revenue else None


@dataclass(frozen=True, slots=True)
class PotentialCheck:
    """The check as of a date, for a share of revenue to be covered. `asked` stand in the order they are asked; `likely` are others
    with the most likely revenue; `groups` belong to both."""

    version: int
    as_of_date: date
    known_at: datetime
    method_version: str
    reporting_currency: str
    cover: Decimal
    has_accounts: bool
    totals: Totals
    asked: tuple[Customer, ...]
    asked_left_out: int
    likely: tuple[Customer, ...]
    groups: Mapping[str, tuple[Group, ...]]
    product_groups: tuple[GroupTotal, ...]
    rated: tuple[Point, ...]
    estimated: tuple[Point, ...]

    def groups_of(self, customer: Customer) -> tuple[Group, ...]:
        """The product groups that speak for potential with a customer, the most money first."""
        return self.groups.get(customer.ultimate_parent_id, ())

    @property
    def is_reached(self) -> bool:
        """True if those asked bring what is to be covered."""
        totals = self.totals
        reached = [totals.most_estimated, *([totals.most_rated] if totals.is_rating else [])]
        return all(most is not None and most >= self.cover for most in reached)
