"""What the invoices say of potential, and the order of asking (METHOD 1.21).

Belongs here: look-alikes, missing and lapsed product groups, who is estimated and when the others are asked.

Readings:
- The industry of a parent is that of its head, else of its lowest id.
- A product group is bought with revenue > 0; lines without one belong to none.
- Of the look-alikes of a class whoever is asked is none: a customer who lacks a group is no buyer of it.
- Growth is compared with all customers together, where the oracle has no figure of its own: not answered here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic import divide, in_cents, money
from .result import Contribution, Value, Wallet, Zone

Revenue = Mapping[str | None, int]


@dataclass(frozen=True)
class Asked:
    """What the check stands on; dictionaries by customer parent, revenue in cents per product group."""

    customers: Sequence[str]
    contribution: Mapping[str, Contribution]
    value: Mapping[str, Value]
    wallet: Mapping[str, Wallet]
    zone: Mapping[str, Zone]
    status: Mapping[str, str]
    accounts: Mapping[str, int]
    industry: Mapping[str, str | None]
    now: Mapping[str, Revenue]
    before: Mapping[str, Revenue]
    is_before_delivered: bool
    is_any_group_offered: bool
    minimum: int


def checks(asked: Asked) -> dict[str, dict[str, object]]:
    """The published row of every customer, as far as it is answered here."""
    revenue = {p: in_cents(asked.contribution[p].net_revenue) for p in asked.customers}
    alike = _look_alikes(asked, revenue)
    positions = _positions(asked, revenue)
    return {p: {**_groups(asked, p, revenue, alike), **positions[p]} for p in asked.customers}


def _look_alikes(asked: Asked, revenue: Mapping[str, int]) -> dict[str, tuple[str | None, list[str]]]:
    """Of every customer with revenue the basis and the others."""
    buying = [p for p in asked.customers if revenue[p] > 0 and p in asked.value]
    found: dict[str, tuple[str | None, list[str]]] = {}
    for p in buying:
        one_class = [q for q in buying if q != p and asked.value[q].abc_class == asked.value[p].abc_class]
        both = [q for q in one_class if asked.industry[p] is not None and asked.industry[q] == asked.industry[p]]
        choices = (("industry_and_class", both), ("class", one_class), ("all", [q for q in buying if q != p]))
        found[p] = next(((name, some) for name, some in choices if len(some) >= asked.minimum), (None, []))
    return found


def _groups(
    asked: Asked, p: str, revenue: Mapping[str, int], alike: Mapping[str, tuple[str | None, list[str]]]
) -> dict[str, object]:
    basis, others = alike.get(p, (None, []))
    bought = {group for group, amount in asked.now[p].items() if group is not None and amount > 0}
    lapsed = {
        group: amount
        for group, amount in asked.before[p].items()
        if group is not None and amount > 0 and group not in bought
    }
    if not asked.is_before_delivered:
        lapsed = {}
    missing: dict[str, int] = {}
    buyers: dict[str, list[str]] = defaultdict(list)
    for other in others:
        for group, amount in asked.now[other].items():
            if group is not None and amount > 0:
                buyers[group].append(other)
    for group, some in buyers.items():
        if group not in bought and group not in lapsed and 2 * len(some) > len(others):
            of_group = sum(asked.now[each][group] for each in some)
            part = Fraction(revenue[p] * of_group, sum(revenue[each] for each in some))
            missing[group] = min(divide(*part.as_integer_ratio()), divide(of_group, len(some)))
    is_missing_known = basis is not None and asked.is_any_group_offered
    is_lapsed_known = asked.is_before_delivered and asked.is_any_group_offered
    likely = is_missing_known * sum(missing.values()) + is_lapsed_known * sum(lapsed.values())
    return {
        "product_groups_bought": len(bought),
        "look_alike_basis": basis,
        "look_alikes": len(others) if basis is not None else None,
        "missing_groups": len(missing) if is_missing_known else None,
        "missing_group_revenue": money(sum(missing.values())) if is_missing_known else None,
        "lapsed_groups": len(lapsed) if is_lapsed_known else None,
        "lapsed_group_revenue": money(sum(lapsed.values())) if is_lapsed_known else None,
        "likely_revenue": money(likely) if is_missing_known or is_lapsed_known else None,
    }


def _positions(asked: Asked, revenue: Mapping[str, int]) -> dict[str, dict[str, object]]:
    """Who is estimated, and in which order the demand of the others is asked for."""
    has_accounts = any(asked.accounts[p] for p in asked.customers)
    counted = {p: max(0, revenue[p]) for p in asked.customers}
    estimated = {
        p: wallet.annual_demand is not None and not wallet.is_stale and not wallet.is_contradicted
        for p, wallet in asked.wallet.items()
    }
    known = sum(counted[p] for p in asked.customers if estimated[p])
    rows, place, before = {}, 0, known
    for p in sorted(asked.customers, key=lambda p: (-counted[p], p)):
        is_askable = asked.status[p] not in ("blocked", "never_bought") and (asked.accounts[p] > 0 or not has_accounts)
        is_asked = is_askable and not estimated[p] and counted[p] > 0
        place += is_asked
        rows[p] = {
            "is_askable": is_askable,
            "is_rated": asked.zone[p].zone_status in ("confirmed", "provisional"),
            "is_estimated": estimated[p],
            "portfolio_revenue": money(sum(counted.values())),
            "estimated_revenue": money(known),
            "estimate_position": place if is_asked else None,
            "estimated_revenue_before": money(before) if is_asked else None,
        }
        before += counted[p] * is_asked
    return rows
