"""Customer types, customer value, ranks, ABC, whale curve, small customers (METHOD 1.9 to 1.11).

Belongs here: what compares customers with each other.

Readings:
- customer_value_score is rounded to 4 places after weighting; ranks go by it.
- rank_revenue: net_revenue descending, id; rank_contribution_4: contribution_4 descending, id.
- ABC classes compare the exact cumulative share before; published are 6 places.
- Dangers are True, False or None where they cannot be asked. 1: None without a contribution. 2: credit_index is the worst
  (highest) of the entities; the year-on-year growth speaks only where the CAGR is unknown; None if neither growth nor
  index is known. 3: False under observation, else None without a recency ratio. 4: False for A and B, None for C with
  too little of the potential covered.
- Small customers are compared with the published threshold, which stands on the published standard cost; a pool without
  a version at the as-of date leaves both unknown. A lead's revenue is 0; only customers can be hidden champions. Without an estimate
  revenue from the threshold on is not small, and nothing else is known.
  If the DB II ratio does not exceed the target (or there is no revenue) the threshold and all flags are NULL and a
  problem is listed.
- The whale curve's peak is the highest cumulative contribution of at least one customer.
- Loyalty x profit: the class of the margin is the level of the criterion that asks for it in value_of_customer, unknown where none does; a
  side is high from the level whose points of 100 reach the threshold of the customer types.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from .arithmetic import divide, in_cents, money, quotient, ratio, score
from .inputs import Row
from .result import (
    Axis,
    Contribution,
    Growth,
    Loyalty,
    LoyaltyProfit,
    SmallCustomer,
    SmallThreshold,
    Value,
    Wallet,
    WhalePoint,
    WhaleSummary,
)
from .scoring import MARGINS, Scorecards, points

TYPES = {
    (True, True): "star",
    (False, True): "free_rider",
    (True, False): "question_mark",
    (False, False): "poor_dog",
}
FIELDS = {
    (True, True): "loyal_and_profitable",
    (False, True): "profitable_not_loyal",
    (True, False): "loyal_not_profitable",
    (False, False): "neither",
}
"""(is loyal, is profitable) -> the field."""


def customer_type(value_of: Axis, value_to: Axis, parameters: Row) -> str | None:
    """One of the four types of S3; None if either side is known by less than the minimum coverage."""
    if min(value_of.coverage_weight, value_to.coverage_weight) < parameters["min_coverage_weight"]:
        return None
    threshold = parameters["type_threshold"]
    return TYPES[value_of.score >= threshold, value_to.score >= threshold]


def ranks(order: list[str]) -> dict[str, int]:
    """Rank 1, 2, 3 by position."""
    return {key: position for position, key in enumerate(order, start=1)}


def by_value(values: dict[str, Decimal], then: dict[str, Decimal]) -> list[str]:
    """Ids by value, then by another amount (both descending), then id."""
    return sorted(values, key=lambda key: (-values[key], -then[key], key))


def descending(values: dict[str, Decimal]) -> list[str]:
    """Ids by a value descending, then id."""
    return sorted(values, key=lambda key: (-values[key], key))


def values(
    contribution: dict[str, Contribution],
    axes: dict[tuple[str, str], Axis],
    wallet: dict[str, Wallet],
    growth: dict[str, Growth],
    loyalty: dict[str, Loyalty],
    credit_index: dict[str, int | None],
    observed: set[str],
    parameters: Row,
) -> dict[str, Value]:
    """Value, ranks, ABC and dangers; `contribution` holds the customers that ever bought only."""
    scores = {}
    for key in contribution:
        parts = (("contribution", "contribution"), ("potential", "potential"), ("attractiveness", "attractiveness"))
        scores[key] = score(
            sum(
                (
                    Fraction(parameters[f"value_weight_{name}"]) * Fraction(axes[key, axis].score)
                    for name, axis in parts
                ),
                Fraction(0),
            )
        )
    net = {key: row.net_revenue for key, row in contribution.items()}
    judged = {key: row.customer_contribution for key, row in contribution.items()}
    known = {key: amount for key, amount in judged.items() if amount is not None}
    # At depth 0 nobody has a score, and revenue alone gives the order.
    rank_value = ranks(by_value(scores, known) if known else descending(net))
    rank_net, rank_judged = ranks(descending(net)), ranks(descending(known))
    classes = _abc(net, parameters)
    rows = {}
    for key in contribution:
        abc_class, share_before = classes[key]
        rows[key] = Value(
            contribution_score=axes[key, "contribution"].score if known else None,
            customer_value_score=scores[key] if known else None,
            rank_customer_value=rank_value[key],
            rank_revenue=rank_net[key],
            rank_contribution_4=rank_judged.get(key),
            abc_class=abc_class,
            cumulative_share_before=None if share_before is None else ratio(share_before),
            danger_1_high_revenue_negative_contribution=abc_class == "A" and known[key] < 0 if known else None,
            danger_2_declining_or_weak_credit=_declining_or_weak(growth[key], credit_index[key], parameters),
            danger_3_order_behaviour=_overdue(loyalty[key], key in observed),
            danger_4_c_class_high_potential=_underrated(abc_class, axes[key, "potential"], parameters),
            danger_5_untapped_wallet=wallet[key].achievable_gap,
        )
    return rows


def _declining_or_weak(growth: Growth, credit: int | None, parameters: Row) -> bool | None:
    rate = growth.revenue_yoy if growth.revenue_cagr_3y is None else growth.revenue_cagr_3y
    signs = []
    if rate is not None:
        signs.append(rate < parameters["decline_cagr_below"])
    if credit is not None:
        signs.append(credit >= parameters["weak_credit_index_from"])
    return any(signs) if signs else None


def _overdue(loyalty: Loyalty, is_observed: bool) -> bool | None:
    if is_observed:
        return False
    return None if loyalty.recency_ratio is None else loyalty.churn_risk


def _underrated(abc_class: str, potential: Axis, parameters: Row) -> bool | None:
    if abc_class != "C":
        return False
    if potential.coverage_weight < parameters["min_coverage_weight"]:
        return None
    return bool(potential.score >= parameters["zone_threshold"])


def _abc(net: dict[str, Decimal], parameters: Row) -> dict[str, tuple[str, Fraction | None]]:
    base, before = sum(in_cents(amount) for amount in net.values() if amount > 0), 0
    classes: dict[str, tuple[str, Fraction | None]] = {}
    for key in descending(net):
        amount = in_cents(net[key])
        if amount <= 0:
            classes[key] = "C", None
            continue
        share = Fraction(before, base)
        name = (
            "A"
            if share < Fraction(parameters["abc_a_share"])
            else "B"
            if share < Fraction(parameters["abc_b_share"])
            else "C"
        )
        classes[key] = name, share
        before += amount
    return classes


def whale(judged: dict[str, Decimal]) -> tuple[tuple[WhalePoint, ...], WhaleSummary]:
    """The whale curve of all customers and its summary."""
    total = sum(in_cents(amount) for amount in judged.values())
    cumulative, peak, curve = 0, None, []
    for rank, key in enumerate(descending(judged), start=1):
        cumulative += in_cents(judged[key])
        peak = cumulative if peak is None else max(peak, cumulative)
        share = quotient(cumulative, total) if total > 0 else None
        curve.append(WhalePoint(rank, key, judged[key], money(cumulative), share))
    highest = peak or 0
    summary = WhaleSummary(
        total=money(total),
        peak=money(highest),
        peak_share=quotient(highest, total) if total > 0 else None,
        destroyed_by_tail=money(highest - total),
        unprofitable_customers=sum(amount < 0 for amount in judged.values()),
    )
    return tuple(curve), summary


def small_threshold(
    contribution: dict[str, Contribution], field_rate: Fraction | None, inside_rate: Fraction | None, parameters: Row
) -> SmallThreshold:
    """What a customer must be worth to carry standard field service; rates in cents per hour."""
    visits, hours = parameters["small_standard_visits"], Fraction(parameters["small_hours_per_visit"])
    cost = None
    if field_rate is not None and inside_rate is not None:
        exact_cost = visits * hours * field_rate + Fraction(parameters["small_inside_hours"]) * inside_rate
        cost = divide(exact_cost.numerator, exact_cost.denominator)
    net = sum(in_cents(row.net_revenue) for row in contribution.values())
    amounts = [row.contribution_2 for row in contribution.values()]
    second = None if None in amounts else sum(in_cents(amount) for amount in amounts if amount is not None)
    target = Fraction(parameters["small_target_contribution_3_ratio"])
    threshold = None
    if cost is not None and net > 0 and second is not None and Fraction(second, net) > target:
        exact = cost / (Fraction(second, net) - target)
        threshold = money(divide(exact.numerator, exact.denominator))
    return SmallThreshold(
        standard_field_service_cost=None if cost is None else money(cost),
        portfolio_contribution_2_ratio=quotient(second, net) if net > 0 and second is not None else None,
        target_contribution_3_ratio=ratio(target),
        threshold_revenue=threshold,
    )


def small(
    net_revenue: Decimal, potential_revenue: Decimal | None, is_lead: bool, threshold: Decimal | None
) -> SmallCustomer:
    """Whether a customer or lead is small; without an estimate only revenue can say that it is not."""
    if threshold is None:
        return SmallCustomer(None, None, None)
    revenue = Decimal(0) if is_lead else net_revenue
    by_revenue = revenue < threshold
    is_small = False if not by_revenue else None if potential_revenue is None else potential_revenue < threshold
    is_known = potential_revenue is not None and not is_lead
    return SmallCustomer(is_small, by_revenue, by_revenue and not is_small if is_known else None)


def margin_level(scorecards: Scorecards, axis: Axis) -> int | None:
    """The class of a customer's margin; the worse one if two criteria ask for it."""
    asked = {
        row["criterion_id"] for row in scorecards.criteria("customer", "value_of_customer") if row["measure"] in MARGINS
    }
    levels = [one.level for one in axis.criteria if one.criterion_id in asked and one.level is not None]
    return min((int(level) for level in levels), default=None)


def loyalty_profit(
    contribution: dict[str, Contribution],
    loyalty: dict[str, Loyalty],
    margins: dict[str, int | None],
    parameters: Row,
) -> dict[tuple[int | None, int | None], LoyaltyProfit]:
    """The customers by loyalty level and class of margin (`margins`: the level of its margin), and the field where both are known."""
    cells: dict[tuple[int | None, int | None], list[Contribution]] = defaultdict(list)
    for parent, row in contribution.items():
        cells[loyalty[parent].loyalty_level, margins[parent]].append(row)
    found = {}
    for (loyal, margin), rows in cells.items():
        known = [row.customer_contribution for row in rows if row.customer_contribution is not None]
        name = None
        if loyal is not None and margin is not None:
            name = FIELDS[_is_side_high(loyal, parameters), _is_side_high(margin, parameters)]
        found[loyal, margin] = LoyaltyProfit(
            field=name,
            customer_count=len(rows),
            net_revenue=sum((row.net_revenue for row in rows), Decimal(0)),
            customer_contribution=sum(known, Decimal(0)) if known else None,
        )
    return found


def _is_side_high(level: int, parameters: Row) -> bool:
    threshold: Decimal = parameters["type_threshold"]
    return points(100, Fraction(level)) >= threshold
