"""What blocks development, and what changed since the as-of date before (METHOD 1.14).

Belongs here: blocking criterion, zone change, over-compensation, difference in differences.

Readings:
- Lost points are weight - points as stored, so that loss and points add up to the weight. Without a known
  attractiveness criterion there is no blocking one.
- The system's zone counts (not service_zone, not an override).
- Start and end are consecutive evaluated as-of dates, the first start is the opening portfolio; only parents that are
  customers at the end and have a start take part.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .arithmetic import in_cents, money, published, quotient, score
from .inputs import Row
from .result import Axis, Contribution, Development, Zone, ZoneChange
from .zones import Carry

HIGH_VALUE, LOW_VALUE = {"protection", "development"}, {"maintain", "withdrawal"}


def development(attractiveness: Axis, parameters: Row) -> Development:
    """The largest loss among the known criteria and the way to protection."""
    losses = {one.criterion_id: one.weight_points - one.points for one in attractiveness.criteria if not one.is_imputed}
    blocking = min(losses, key=lambda key: (-losses[key], key), default=None)
    goal = Fraction(parameters["zone_threshold"]) + Fraction(parameters["hysteresis_band"])
    return Development(
        blocking_criterion_id=blocking,
        lost_points=None if blocking is None else losses[blocking],
        points_to_protection=score(goal - Fraction(attractiveness.score)),
    )


def zone_change(
    customers: list[str], before: dict[str, Carry], zones: dict[str, Zone], contribution: dict[str, Contribution]
) -> ZoneChange:
    """Migration and change of contribution 4 since the as-of date before."""
    deltas, high, low = {}, 0, 0
    migration: dict[str, tuple[str | None, str]] = {}
    for key in customers:
        start = before.get(key)
        migration[key] = (None if start is None else start.zone, zones[key].zone)
        end = contribution[key].contribution_4
        if start is None or start.contribution_4 is None or end is None:
            continue
        delta = in_cents(end) - in_cents(start.contribution_4)
        deltas[key] = money(delta)
        high += delta if start.zone in HIGH_VALUE else 0
        low += delta if start.zone in LOW_VALUE else 0
    return ZoneChange(
        contribution_4_delta=deltas,
        migration=migration,
        net_change_high_value_segment=money(high),
        net_change_low_value_segment=money(low),
        overcompensation_ratio=quotient(high, -low) if low < 0 else None,
    )


def difference_in_differences(
    treated_pre: Decimal, treated_post: Decimal, control_pre: Decimal, control_post: Decimal
) -> Decimal | None:
    """treated_post - treated_pre x control_post / control_pre, in money; None without control revenue before."""
    if control_pre == 0:
        return None
    growth = Fraction(control_post) / Fraction(control_pre)
    exact = Fraction(treated_post) - Fraction(treated_pre) * growth
    return published(exact, 2)
