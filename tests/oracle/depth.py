"""Which costs are known, and what stands in for cost of goods that a line was delivered without (METHOD 1.3).

Belongs here: the status of the four costs, the depth, the ratios. Does not belong here: adding up (contribution.py).

Readings:
- What the mapping does not name (is_mapped None) is delivered if a row has it.
- A line of any place asks for a ratio; only lines of customers make one. A line in the window that finds none makes cost of goods
  unknown for all; an older one alone does not.
- Where a cost is said to be none, it is 0.00, whatever came.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from .arithmetic import divide
from .book import Book
from .inputs import Settings
from .structure import Structure

COSTS = ("cogs", "marketing", "sales", "service_logistics")


@dataclass(frozen=True)
class Ratios:
    """Cost of goods and net revenue, in cents, of the product groups and of the portfolio; only what has a ratio."""

    by_group: dict[str | None, tuple[int, int]]
    portfolio: tuple[int, int] | None

    def imputed(self, group: str | None, net: int) -> int | None:
        """What stands in for the cost of goods of one line."""
        cogs, base = self.by_group.get(group) or self.portfolio or (0, 0)
        return divide(net * cogs, base) if base else None


@dataclass(frozen=True)
class Depth:
    """The statuses of an as-of date."""

    statuses: dict[str, str]
    ratios: Ratios

    def is_delivered(self, cost: str) -> bool:
        """Whether the cost's rows count."""
        return self.statuses[cost] == "delivered"

    def is_known(self, cost: str) -> bool:
        """Whether the cost has an amount at all."""
        return self.statuses[cost] != "unknown"

    @property
    def contribution_depth(self) -> int:
        """How many contributions in a row are known."""
        for number, cost in enumerate(COSTS):
            if not self.is_known(cost):
                return number
        return len(COSTS)


def find(book: Book, settings: Settings, structure: Structure, months: range) -> Depth:
    """The statuses and ratios of the window."""
    ratios = _ratios(book, structure, months)
    mapped = {row["cost"]: row["is_mapped"] for row in settings.cost_sources}
    none = {row["cost"] for row in settings.costs if row["is_none"]}
    statuses = {}
    for cost in COSTS:
        is_mapped = mapped.get(cost, True)
        if is_mapped is None:
            is_mapped = book.has_cogs if cost == "cogs" else cost in book.cost_types
        if cost == "sales":
            is_mapped = is_mapped and bool(settings.resource_pools)
        statuses[cost] = "delivered" if is_mapped else "none" if cost in none else "unknown"
    wanting = (
        line
        for by_month in book.without_cogs.values()
        for month, lines in by_month.items()
        if month in months
        for line in lines
    )
    if statuses["cogs"] == "delivered" and any(ratios.imputed(group, net) is None for group, net in wanting):
        statuses["cogs"] = "unknown"
    return Depth(statuses, ratios)


def _ratios(book: Book, structure: Structure, months: range) -> Ratios:
    sums: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for customer_id, by_month in book.with_cogs.items():
        if structure.place(customer_id).column != "customers":
            continue
        for month, by_group in by_month.items():
            if month in months:
                for group, (cogs, net) in by_group.items():
                    sums[group][0] += cogs
                    sums[group][1] += net
    cogs, net = (sum(pair[position] for pair in sums.values()) for position in (0, 1))
    usable = {group: (pair[0], pair[1]) for group, pair in sums.items() if pair[1] > 0}
    return Ratios(usable, (cogs, net) if net > 0 else None)
