"""Customer types, customer value, ranks, ABC, whale curve, small customers (METHOD 1.9 to 1.11).

Belongs here: what compares customers with each other.

Readings:
- customer_value_score is rounded to 4 places after weighting; ranks go by it.
- rank_revenue: net_revenue descending, id; rank_contribution_4: contribution_4 descending, id.
- ABC classes compare the exact cumulative share before; published are 6 places.
- Danger 2: credit_index is the worst (highest) of the entities; an unknown CAGR is no decline.
- Small customers are compared with the published threshold, which stands on the published standard cost; a pool without
  a version at the as-of date leaves both unknown. A lead's revenue is 0 and it is never a hidden champion.
  If the DB II ratio does not exceed the target (or there is no revenue) the threshold and all flags are NULL and a
  problem is listed.
- The whale curve's peak is the highest cumulative contribution of at least one customer.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .arithmetic import divide, in_cents, money, quotient, ratio, score
from .inputs import Row
from .result import (
    Axis,
    Contribution,
    Growth,
    Loyalty,
    SmallCustomer,
    SmallThreshold,
    Value,
    Wallet,
    WhalePoint,
    WhaleSummary,
)

TYPES = {
    (True, True): "star",
    (False, True): "free_rider",
    (True, False): "question_mark",
    (False, False): "poor_dog",
}


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
    parameters: Row,
) -> dict[str, Value]:
    """Value, ranks, ABC and dangers of all customers; `contribution` holds customers only."""
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
        cagr, credit = growth[key].revenue_cagr_3y, credit_index[key]
        is_declining = cagr is not None and cagr < parameters["decline_cagr_below"]
        is_weak = credit is not None and credit >= parameters["weak_credit_index_from"]
        rows[key] = Value(
            contribution_score=axes[key, "contribution"].score if known else None,
            customer_value_score=scores[key] if known else None,
            rank_customer_value=rank_value[key],
            rank_revenue=rank_net[key],
            rank_contribution_4=rank_judged.get(key),
            abc_class=abc_class,
            cumulative_share_before=None if share_before is None else ratio(share_before),
            danger_1_high_revenue_negative_contribution=abc_class == "A" and known[key] < 0 if known else None,
            danger_2_declining_or_weak_credit=is_declining or is_weak,
            danger_3_order_behaviour=loyalty[key].churn_risk,
            danger_4_c_class_high_potential=abc_class == "C"
            and axes[key, "potential"].score >= parameters["zone_threshold"],
            danger_5_untapped_wallet=wallet[key].achievable_gap,
        )
    return rows


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
