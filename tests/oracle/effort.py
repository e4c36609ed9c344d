"""Activities and their cost (METHOD 1.4), and the checks of the activities (1.16).

Belongs here: hours, cost, visits, contacts, capacity per as-of date.

Readings:
- Pool versions are valid from their first to their last day. An activity's rate is that of its day; a month's pool cost
  is round(annual * m / 12) - round(annual * (m - 1) / 12) of the version valid on the month's last day (m = 1..12); the
  pool cost of a window is the sum of its months. Capacity and the rates used for plans are those valid at the as-of
  date. A day without a version costs nothing.
- A duplicate has the ultimate parent (unknown customers: the account), type, rep (missing ones equal) and start of an
  activity with a lower id (as text). For counting only rows known at known_at are compared; the check compares all.
- An activity of a type that is not configured is a contact, but no visit, and costs nothing.
- Logged hours are all counted ones, on unknown and intercompany customers too.
- contribution_4_low is NULL where no visit at all is counted or the field pool has no version; unlogged hours are at
  least 0. contribution_reliability is 'low' or 'normal'.
- The checks look at delivered rows of the window; future_dated is a start after both as_of and known_at, whatever its
  window; recorded_after_known_at is what "recorded after the period closed" means for an as-of date.
- A contact is a counted activity of all time up to as_of.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from .arithmetic import cents, divide, money, quotient, score
from .inputs import ConfigurationError, Row, Settings
from .periods import month_end, month_of, window
from .result import ActivityQuality, Capacity
from .structure import Place, Structure


class Activity(NamedTuple):
    """One activity with its own minutes, pool and cost in cents."""

    activity_id: str
    account_id: str
    activity_type: str
    rep_key: str | None
    start: datetime
    recorded_at: datetime
    minutes: int
    is_imputed: bool
    pool: str | None
    is_visit: bool
    cost: int
    account_group: str | None
    day: date
    recorded_on: date


class Pools:
    """The resource pools with their valid-dated cost and capacity."""

    def __init__(self, settings: Settings) -> None:
        self.versions: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(settings.resource_pools, key=lambda row: (row["pool"], row["valid_from"])):
            if row["practical_capacity_hours"] <= 0:
                raise ConfigurationError(f"pool {row['pool']} has no practical hours")
            self.versions[row["pool"]].append(row)

    def version(self, pool: str | None, day: date) -> Row | None:
        """The version of a pool valid on a day."""
        for row in reversed(self.versions.get(pool or "", [])):
            if row["valid_from"] <= day and (row.get("valid_to") is None or day <= row["valid_to"]):
                return row
        return None

    def rate(self, pool: str | None, day: date) -> Fraction:
        """Cents per hour of practical capacity; 0 without a version."""
        row = self.version(pool, day)
        return (
            Fraction(0)
            if row is None
            else Fraction(row["annual_cost"]) * 100 / Fraction(row["practical_capacity_hours"])
        )

    def known_rate(self, pool: str, day: date) -> Fraction | None:
        """The rate, or None without a version."""
        return None if self.version(pool, day) is None else self.rate(pool, day)

    def hours(self, pool: str, day: date) -> Fraction:
        """Practical hours a year; 0 without a version."""
        row = self.version(pool, day)
        return Fraction(0) if row is None else Fraction(row["practical_capacity_hours"])

    def month_cost(self, pool: str, month: int) -> int:
        """A month's share of the annual cost in cents; twelve of them sum to the year exactly."""
        row = self.version(pool, month_end(month))
        if row is None:
            return 0
        annual, number = cents(row["annual_cost"]), month % 12 + 1
        return divide(annual * number, 12) - divide(annual * (number - 1), 12)

    def account_group(self, pool: str) -> str:
        """The account group a pool's cost is booked in."""
        return str(self.versions[pool][-1]["account_group"])


def read(rows: list[Row], settings: Settings, pools: Pools) -> list[Activity]:
    """All activities by id, with minutes and cost."""
    types = {row["activity_type"]: row for row in settings.activity_types}
    activities = []
    for row in rows:
        kind = types.get(row["activity_type"])
        minutes = row.get("duration_minutes")
        pool = None if kind is None else kind["pool"]
        used = minutes if minutes is not None else 0 if kind is None else kind["standard_minutes"]
        rate = pools.rate(pool, settings.day(row["activity_at"]))
        activities.append(
            Activity(
                row["activity_id"],
                row["account_id"],
                row["activity_type"],
                row.get("rep_key"),
                row["activity_at"],
                row["recorded_at"],
                used,
                minutes is None,
                pool,
                kind is not None and kind["is_visit"],
                divide(used * rate.numerator, 60 * rate.denominator),
                None if pool is None else pools.account_group(pool),
                settings.day(row["activity_at"]),
                settings.day(row["recorded_at"]),
            )
        )
    return sorted(activities, key=lambda activity: activity.activity_id)


@dataclass
class Effort:
    """What was counted at an as-of date; minutes and visits of the window, cost of every month up to it, contacts of all time."""

    minutes: dict[Place, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    # place -> month -> account group -> cents
    cost: dict[Place, dict[int, dict[str, int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    )
    visits: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    logged: set[Place] = field(default_factory=set)
    """Where anything was logged in the window, also what belongs to no pool: of an unknown type nobody knows the minutes."""
    last_contact: dict[Place, date] = field(default_factory=dict)
    pool_minutes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    # month -> pool -> cents
    pool_cost: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def sales_cost(self, place: Place, months: range) -> int:
        """Cents of a place in some months."""
        return sum(sum(by_group.values()) for month, by_group in self.cost.get(place, {}).items() if month in months)


def count(activities: list[Activity], structure: Structure, as_of: date, known_at: datetime) -> Effort:
    """The counted activities of an as-of date."""
    effort, months = Effort(), window(as_of)
    seen: set[tuple[str, str, str | None, datetime]] = set()
    for activity in activities:
        if activity.day > as_of or activity.recorded_at > known_at:
            continue
        place = structure.account_place(activity.account_id)
        key = _identity(activity, place)
        if key in seen:
            continue
        seen.add(key)
        day = activity.day
        month = month_of(day)
        effort.cost[place][month]  # an activity without a cost is a booking, too
        if activity.pool is not None and activity.account_group is not None:
            effort.cost[place][month][activity.account_group] += activity.cost
            effort.pool_cost[month][activity.pool] += activity.cost
        effort.last_contact[place] = max(day, effort.last_contact.get(place, day))
        if month not in months:
            continue
        effort.logged.add(place)
        if activity.pool is not None:
            effort.minutes[place][activity.pool] += activity.minutes
            effort.pool_minutes[activity.pool] += activity.minutes
        effort.visits[place] += activity.is_visit
    return effort


def _identity(activity: Activity, place: Place) -> tuple[str, str, str | None, datetime]:
    customer = activity.account_id if place.column == "unassigned" else place.parent_id
    return customer, activity.activity_type, activity.rep_key, activity.start


def check(
    activities: list[Activity], structure: Structure, as_of: date, known_at: datetime, backdated_after_days: int
) -> ActivityQuality:
    """The ids found by the checks, over all delivered activities of the window, known or not."""
    months = window(as_of)
    found: dict[str, list[str]] = {name: [] for name in ActivityQuality.__dataclass_fields__}
    seen: set[tuple[str, str, str | None, datetime]] = set()
    for activity in activities:
        if activity.day > as_of and activity.start > known_at:
            found["future_dated"].append(activity.activity_id)
        if month_of(activity.day) not in months:
            continue
        place = structure.account_place(activity.account_id)
        key = _identity(activity, place)
        if key in seen:
            found["duplicate"].append(activity.activity_id)
        seen.add(key)
        if activity.recorded_at > known_at:
            found["recorded_after_known_at"].append(activity.activity_id)
        if activity.is_imputed:
            found["duration_imputed"].append(activity.activity_id)
        if place.column == "unassigned":
            found["unknown_customer"].append(activity.activity_id)
        if (activity.recorded_on - activity.day).days > backdated_after_days:
            found["backdated"].append(activity.activity_id)
    return ActivityQuality(**{name: tuple(ids) for name, ids in found.items()})


def capacity(effort: Effort, pools: Pools, as_of: date, is_delivered: bool) -> dict[str, Capacity]:
    """Practical, logged and unused hours and cost per pool; what was logged is unknown where activities are not delivered."""
    months, rows = window(as_of), {}
    for pool in pools.versions:
        practical = pools.hours(pool, as_of)
        logged = Fraction(effort.pool_minutes[pool], 60)
        cost = sum(pools.month_cost(pool, month) for month in months)
        assigned = sum(effort.pool_cost[month][pool] for month in months if month in effort.pool_cost)
        used = logged / practical if practical else None
        if not is_delivered:
            rows[pool] = Capacity(score(practical), None, None, None, money(cost), None, None, None)
            continue
        rows[pool] = Capacity(
            practical_capacity_hours=score(practical),
            logged_hours=score(logged),
            unused_hours=score(practical - logged),
            logged_capacity_ratio=None if used is None else quotient(used.numerator, used.denominator),
            pool_cost=money(cost),
            assigned_cost=money(assigned),
            unused_capacity_cost=money(cost - assigned),
            is_over_recorded=assigned > cost,
        )
    return rows
