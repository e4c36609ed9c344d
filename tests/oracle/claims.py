"""The texts' claims, asked of a company's own customers (METHOD 1.19, SETTLED A95-A101, B13).

Belongs here: groups, measures, setting outliers in, Welch's interval, verdicts. Not here: the measures themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .arithmetic import published, quotient
from .campaigns import FACTOR, root
from .inputs import Company, Row
from .result import AsOf, Earlier

Pair = tuple[bool | None, bool | None]


@dataclass(frozen=True)
class Claim:
    """One claim at one as-of date."""

    n1: int | None
    n2: int | None
    difference: Decimal | None = None
    interval_low: Decimal | None = None
    interval_high: Decimal | None = None
    verdict: str = "not_testable"


class _Customer:
    """What the claims ask of one customer."""

    def __init__(self, parent: str, now: AsOf, earlier: Earlier | None) -> None:
        loyalty, small, brought = now.loyalty[parent], now.small[parent], now.contribution[parent]
        self.loyal: Pair = (None, None)
        if loyalty.loyalty_level is not None:
            self.loyal = loyalty.loyalty_level >= 4, loyalty.loyalty_level <= 2
        by_revenue = small.is_small_by_revenue
        self.small: Pair = (by_revenue, None if by_revenue is None else not by_revenue)
        key = now.zone[parent].is_key_account
        self.small_or_key: Pair = by_revenue, key
        is_inside = bool(by_revenue) and brought.inside_hours > 0 and not now.visits.get(parent, 0)
        self.inside_or_key: Pair = is_inside, key
        abc = now.value[parent].abc_class
        self.a_or_c: Pair = abc == "A", abc == "C"
        self.served: Pair = (None, None)
        self.change = None
        if earlier is not None and parent in earlier.zone:
            then, compliance = earlier.contribution[parent], now.service[parent].compliance_ratio
            if earlier.zone[parent].zone in ("protection", "development") and compliance is not None:
                self.served = compliance >= Decimal("0.8"), compliance < Decimal("0.5")
            began, ended = then.customer_contribution, brought.customer_contribution
            if then.net_revenue > 0 and began is not None and ended is not None:
                self.change = quotient(int((ended - began) * 100), int(then.net_revenue * 100))
        self.yoy = now.growth[parent].revenue_yoy
        self.price = brought.price_realisation_ratio
        self.margin = brought.customer_contribution_margin_ratio
        self.share = now.wallet[parent].sow_capped_ratio
        self.stays = None if loyalty.recency_ratio is None else Decimal(int(not loyalty.churn_risk))


def claims(company: Company, now: AsOf, earlier: Earlier | None, parameters: Row) -> dict[str, Claim]:
    """Claim -> what the company's customers say of it."""
    bought = [p for p, kind in now.relationship_type.items() if kind == "customer" and p in now.value]
    customers = [_Customer(p, now, earlier) for p in bought]
    # Without a customer nobody has a threshold, either.
    has_threshold = now.small_threshold.threshold_revenue is not None and bool(customers)
    has_estimates, has_activities = bool(company.potential_estimates), bool(company.activities)
    # Without a customer nobody was asked; that no line came is then no reason.
    has_lines = bool(company.invoice_lines) or not customers
    has_contribution = any(one.contribution_depth > 0 for one in now.contribution.values())
    asked = {
        "well_served_grow": ("change", "served", has_activities and has_contribution and earlier is not None),
        "loyal_buy_more": ("yoy", "loyal", has_lines),
        "loyal_accept_prices": ("price", "loyal", has_lines),
        "small_pay_better": ("price", "small_or_key", has_threshold),
        "small_give_share": ("share", "small", has_threshold and has_estimates),
        "small_are_loyal": ("stays", "small", has_threshold),
        "small_inside_profitable": ("margin", "inside_or_key", has_threshold and has_activities and has_contribution),
        "revenue_is_not_profit": ("margin", "a_or_c", has_contribution),
    }
    fewest = parameters["claims_min_group_size"]
    return {
        name: _asked(name, measure, groups, customers, fewest) if is_delivered else Claim(None, None)
        for name, (measure, groups, is_delivered) in asked.items()
    } | {"share_left_in_stars": _share_left(now, has_estimates=has_estimates, fewest=fewest)}


def _asked(name: str, measure: str, groups: str, customers: list[_Customer], fewest: int) -> Claim:
    values: tuple[list[Fraction], list[Fraction]] = ([], [])
    for customer in customers:
        value = getattr(customer, measure)
        one, two = getattr(customer, groups)
        if value is not None and bool(one) != bool(two):
            values[0 if one else 1].append(Fraction(value))
    first, second = values
    if min(len(first), len(second)) < fewest:
        return Claim(len(first), len(second))
    if measure != "stays":
        ordered = sorted(first + second)
        lowest, highest = (ordered[-(-percent * len(ordered) // 100) - 1] for percent in (1, 99))
        first, second = ([min(max(one, lowest), highest) for one in group] for group in values)
    means = [sum(group, Fraction(0)) / len(group) for group in (first, second)]
    variance = sum(
        (
            sum(((one - mean) ** 2 for one in group), Fraction(0)) / (len(group) - 1) / len(group)
            for group, mean in zip((first, second), means, strict=True)
        ),
        Fraction(0),
    )
    difference, reach = means[0] - means[1], FACTOR * root(variance)
    is_outside = difference**2 > FACTOR**2 * variance
    if name == "revenue_is_not_profit":
        verdict = "contradicted" if difference > 0 and is_outside else "supported"
    else:
        verdict = "undecided" if not is_outside else "supported" if difference > 0 else "contradicted"
    return Claim(
        len(first),
        len(second),
        published(difference, 6),
        published(difference - reach, 6),
        published(difference + reach, 6),
        verdict,
    )


def _share_left(now: AsOf, *, has_estimates: bool, fewest: int) -> Claim:
    if not has_estimates:
        return Claim(None, None)
    known = [
        (now.wallet[p].achievable_gap, now.contribution[p].net_revenue)
        for p, kind in now.relationship_type.items()
        if kind == "customer" and now.wallet[p].achievable_gap is not None
    ]
    gap, revenue = sum((one for one, _ in known if one), Decimal(0)), sum((one for _, one in known), Decimal(0))
    if len(known) < fewest or gap <= 0 or revenue <= 0:
        return Claim(len(known), None)
    share = Fraction(gap) / Fraction(revenue)
    return Claim(len(known), None, published(share, 6), verdict="supported" if 10 * share > 1 else "contradicted")
