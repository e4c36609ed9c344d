"""Service levels and next year's field hours (METHOD 1.13).

Belongs here: plan against actual per customer, effort against value, the allocation.

Readings:
- Own average field hours per visit are all field-pool hours of the window / visits.
- A zone without a limit is never breached; with a limit, never contacted (in the window) is a breach.
- Where no activity at all is counted in the window, visits and contacts are unknown, not 0: all of them are NULL.
- effort_value_index is NULL where the customer contribution is <= 0 or not known or a sum over the scored parents is 0.
- The hours are those of the field pool valid on the day after as_of (if no version is: at as_of). Weight = published
  potential_contribution x elasticity; NULL and negative ones weigh 0. Largest remainder works on minimum + share. A capacity that is
  no whole number is cut to one; where the rest stays unallocated the minima are distributed up to their floor sum.
- service_zone alone decides (NULL: 0 hours), also for unrated customers that keep an earlier service zone.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .arithmetic import divide, in_cents, largest_remainder, money, quotient, ratio, score
from .effort import Effort, Pools
from .inputs import Settings
from .result import Allocation, Contribution, ServiceLevel, Wallet, Zone
from .structure import Place


class Rules:
    """The service level of each zone; a zone without a row has none."""

    def __init__(self, settings: Settings) -> None:
        self._rows = {row["zone"]: row for row in settings.zone_rules}

    def visits(self, zone: str | None) -> int:
        """Planned visits a year."""
        return int(self._rows[zone]["planned_visits_per_year"]) if zone in self._rows else 0

    def minimum_hours(self, zone: str | None) -> Fraction:
        """Planned field hours a year."""
        return self.visits(zone) * Fraction(self._rows[zone]["hours_per_visit"]) if zone in self._rows else Fraction(0)

    def longest_gap(self, zone: str | None) -> int | None:
        """Days without contact that are allowed; None is no limit."""
        gap = self._rows[zone].get("max_contact_gap_days") if zone in self._rows else None
        return None if gap is None else int(gap)

    def elasticity(self, zone: str | None) -> Fraction:
        """How much potential weighs in the distribution of the rest."""
        return Fraction(self._rows[zone]["allocation_elasticity"]) if zone in self._rows else Fraction(0)


def levels(
    places: dict[str, Place],
    zones: dict[str, Zone],
    contribution: dict[str, Contribution],
    hours: dict[str, int],
    effort: Effort,
    pools: Pools,
    settings: Settings,
    as_of: date,
) -> dict[str, ServiceLevel]:
    """Plan and actual of all scored parents; `hours` are the allocated ones."""
    rules, field_pool = Rules(settings), settings.parameters["field_pool"]
    rate = pools.rate(field_pool, as_of)
    costs = {key: _cents(contribution[key].sales_cost) for key in places}
    values = {key: _positive(contribution[key].customer_contribution) for key in places}
    all_cost, all_value = sum(filter(None, costs.values())), sum(filter(None, values.values()))
    rows = {}
    is_logged = bool(effort.last_contact)
    for key, place in places.items():
        zone = zones[key].service_zone
        planned, actual = rules.visits(zone), effort.visits.get(place, 0)
        over = max(0, actual - planned)
        own_minutes = effort.minutes.get(place, {}).get(field_pool, 0)
        over_cost = Fraction(over * own_minutes, 60 * actual) * rate if actual else Fraction(0)
        last = effort.last_contact.get(place)
        days, gap = None if last is None else (as_of - last).days, rules.longest_gap(zone)
        cost, value = costs[key], values[key]
        rows[key] = ServiceLevel(
            planned_visits=planned,
            actual_visits=actual if is_logged else None,
            over_visits=over if is_logged else None,
            under_visits=max(0, planned - actual) if is_logged else None,
            compliance_ratio=ratio(min(Fraction(1), Fraction(actual, planned))) if planned and is_logged else None,
            over_service_cost=money(divide(over_cost.numerator, over_cost.denominator)) if is_logged else None,
            last_contact_date=last,
            days_since_last_contact=days,
            max_contact_gap_days=gap,
            contact_gap_breach=(gap is not None and (days is None or days > gap)) if is_logged else None,
            effort_share_ratio=None if cost is None else quotient(cost, all_cost),
            value_share_ratio=None if value is None else quotient(value, all_value),
            effort_value_index=None if cost is None or value is None else quotient(cost * all_value, all_cost * value),
            minimum_hours=score(rules.minimum_hours(zone)),
            allocated_field_hours=hours[key],
        )
    return rows


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else in_cents(amount)


def _positive(amount: Decimal | None) -> int | None:
    return None if amount is None else max(0, in_cents(amount))


def reliability(
    zones: dict[str, Zone], contribution: dict[str, Contribution], logged: set[str], settings: Settings
) -> dict[str, str | None]:
    """Whether a contribution can be relied on: also not, where the zone plans visits and nobody logged anything (`logged`: who)."""
    rules = Rules(settings)
    return {
        key: "low" if rules.visits(zones[key].service_zone) and key not in logged else row.contribution_reliability
        for key, row in contribution.items()
    }


def allocate(
    zones: dict[str, Zone], wallet: dict[str, Wallet], pools: Pools, settings: Settings, as_of: date
) -> tuple[dict[str, int], Allocation]:
    """Next year's practical field hours per scored parent, in whole hours that sum exactly."""
    rules, pool = Rules(settings), settings.parameters["field_pool"]
    practical = pools.hours(pool, as_of + timedelta(days=1)) or pools.hours(pool, as_of)
    minima = {key: rules.minimum_hours(zone.service_zone) for key, zone in zones.items()}
    weights = {
        key: max(Fraction(0), Fraction(wallet[key].potential_contribution or Decimal(0)))
        * rules.elasticity(zone.service_zone)
        for key, zone in zones.items()
    }
    minimum, weight = sum(minima.values(), Fraction(0)), sum(weights.values(), Fraction(0))
    rest = practical - minimum
    ideal, total = minima, minimum
    if rest > 0 and weight > 0:
        ideal = {key: minima[key] + rest * weights[key] / weight for key in minima}
        total = practical
    whole = total.numerator // total.denominator
    hours = largest_remainder(ideal, whole)
    summary = Allocation(
        practical_field_hours=score(practical),
        minimum_hours=score(minimum),
        capacity_gap_hours=score(max(Fraction(0), -rest)),
        unallocated_hours=score(max(Fraction(0), practical - whole)),
    )
    return hours, summary
