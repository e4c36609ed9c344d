"""What blocks development, and what changed since the as-of date before (METHOD 1.14).

Belongs here: blocking criterion, zone change, over-compensation, difference in differences.

Readings:
- Lost points are weight - points as stored, so that loss and points add up to the weight. Without a known
  attractiveness criterion there is no blocking one.
- The system's zone counts (not service_zone, not an override).
- Migration: start and end are consecutive evaluated as-of dates, the first start is the opening portfolio. Over-compensation:
  from 12 months before (SETTLED A64-A67). Only parents that are customers at the end and have a start take part.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from .arithmetic import in_cents, money, published, quotient, score
from .inputs import Company, Row
from .periods import month_end, month_of
from .result import Axis, Contribution, Development, Zone, ZoneChange
from .structure import Structure
from .zones import Carry

OPENING_DAYS = 45
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
    customers: list[str],
    before: dict[str, Carry],
    zones: dict[str, Zone],
    contribution: dict[str, Contribution],
    starts: dict[str, tuple[str, Decimal | None]] | None,
) -> ZoneChange:
    """Migration and change of contribution IV since the as-of date before; over-compensation since the `starts` (zone, contribution)."""
    deltas, high, low = {}, 0, 0
    migration: dict[str, tuple[str | None, str]] = {}
    for key in customers:
        start = before.get(key)
        migration[key] = (None if start is None else start.zone, zones[key].zone)
        end = contribution[key].contribution_4
        if start is not None and start.contribution_4 is not None and end is not None:
            deltas[key] = money(in_cents(end) - in_cents(start.contribution_4))
    for key, (zone, brought) in (starts or {}).items():
        now = contribution[key].customer_contribution if key in customers else None
        if now is not None and brought is not None:
            delta = in_cents(now) - in_cents(brought)
            high += delta if zone in HIGH_VALUE else 0
            low += delta if zone in LOW_VALUE else 0
    return ZoneChange(
        contribution_4_delta=deltas,
        migration=migration,
        net_change_high_value_segment=None if starts is None else money(high),
        net_change_low_value_segment=None if starts is None else money(low),
        overcompensation_ratio=quotient(high, -low) if low < 0 else None,
    )


def opening_starts(company: Company, structure: Structure, as_of: date) -> dict[str, tuple[str, Decimal | None]] | None:
    """Zone and contribution of the opening portfolio nearest to 12 months before, at most 45 days from it; None without one."""
    target = month_end(month_of(as_of) - 12)
    near = {row["as_of_date"] for row in company.opening_portfolio if row["as_of_date"] < as_of}
    near = {day for day in near if abs((day - target).days) <= OPENING_DAYS}
    if not near:
        return None
    chosen = min(near, key=lambda day: (abs((day - target).days), -day.toordinal()))
    best: dict[str, tuple[bool, str, Row]] = {}
    for row in company.opening_portfolio:
        place = structure.place(row["customer_id"])
        if row["as_of_date"] == chosen and place.column in ("customers", "leads"):
            preference = row["customer_id"] != place.parent_id, str(row["customer_id"])
            if place.parent_id not in best or preference < best[place.parent_id][:2]:
                best[place.parent_id] = (*preference, row)
    return {
        parent: (row["zone"], row["contribution_4"])
        for parent, (_, _, row) in best.items()
        if row["contribution_4"] is not None
    }


def difference_in_differences(
    treated_pre: Decimal, treated_post: Decimal, control_pre: Decimal, control_post: Decimal
) -> Decimal | None:
    """treated_post - treated_pre x control_post / control_pre, in money; None without control revenue before."""
    if control_pre == 0:
        return None
    growth = Fraction(control_post) / Fraction(control_pre)
    exact = Fraction(treated_post) - Fraction(treated_pre) * growth
    return published(exact, 2)
