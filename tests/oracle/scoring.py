"""Criterion levels, points and axis scores (METHOD 1.7).

Belongs here: from measures and ratings to the four axes and the contribution score. Does not belong here: zones.

Readings:
- A measure's level is found for the published value (money 2, ratios 6 places), so that a stored raw_value explains its
  level. A rating's or computed level keeps its exact fraction for the points; the stored level has 4 places.
- Points are rounded to 4 places per criterion; score, low and high are sums of them.
- "Where a customer-sourced rating exists, staff ratings are ignored" holds for a criterion on whatever axis it stands;
  it exists if a known level of it is in use. rated_by NULL is staff.
- A rater missing on one account of a parent is averaged over the others.
- "A NULL margin with a loss counts as level 1" holds for the margin ratio under both of its names, on any axis.
- A rating counts as stale if the row in use is; of a rater with several accounts any of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache

from .arithmetic import published, score
from .book import Book
from .inputs import Row, Settings
from .result import Axis, Criterion

LOWEST, HIGHEST = 1, 5
MARGINS, LOSS = ("contribution_4_margin_ratio", "customer_contribution_margin_ratio"), "customer_contribution"
Measures = dict[str, Decimal | int | None]


@dataclass(frozen=True)
class InUse:
    """The ratings in use for one criterion of one parent."""

    level: Fraction
    is_stale: bool


def ratings_in_use(
    book: Book, account_ids: list[str], as_of: date, known_at: datetime, stale_after_days: int
) -> dict[str, InUse]:
    """Per criterion the mean over raters of their latest levels."""
    levels: dict[str, dict[str, list[tuple[int, bool, bool]]]] = defaultdict(lambda: defaultdict(list))
    for account_id in account_ids:
        for criterion_id, raters in book.ratings.get(account_id, {}).items():
            for rater, given in raters.items():
                usable = [row for row in given if row.valid_from <= as_of and row.recorded_at <= known_at]
                if not usable:
                    continue
                latest = max(usable, key=lambda row: (row.valid_from, row.recorded_at))
                if latest.level is not None:
                    is_stale = (as_of - latest.valid_from).days > stale_after_days
                    levels[criterion_id][rater].append((latest.level, latest.is_customer, is_stale))
    found = {}
    for criterion_id, by_rater in levels.items():
        has_customer = any(is_customer for rows in by_rater.values() for _, is_customer, _ in rows)
        means, stale = [], False
        for rows in by_rater.values():
            used = [row for row in rows if row[1] or not has_customer]
            if used:
                means.append(Fraction(sum(level for level, _, _ in used), len(used)))
                stale = stale or any(is_stale for _, _, is_stale in used)
        found[criterion_id] = InUse(sum(means, Fraction(0)) / len(means), stale)
    return found


class Scorecards:
    """The scorecards with their breakpoints."""

    def __init__(self, settings: Settings) -> None:
        self._missing_level = settings.parameters["missing_level"]
        self._criteria: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in settings.scorecard_criteria:
            self._criteria[row["scorecard"], row["axis"]].append(row)
        self._bounds: dict[str, list[tuple[Fraction | None, int]]] = defaultdict(list)
        for row in settings.criterion_breakpoints:
            bound = row["lower_bound_inclusive"]
            self._bounds[row["criterion_id"]].append((None if bound is None else Fraction(bound), row["level"]))

    def axes(self, scorecard: str) -> list[str]:
        """The axes of a scorecard."""
        return [axis for card, axis in self._criteria if card == scorecard]

    def criteria(self, scorecard: str, axis: str) -> list[Row]:
        """The criteria of an axis."""
        return self._criteria[scorecard, axis]

    def evaluate(self, scorecard: str, axis: str, measures: Measures, ratings: dict[str, InUse]) -> Axis:
        """The score of one axis and its parts."""
        criteria = []
        for row in self._criteria[scorecard, axis]:
            raw, level = self._level(row, measures, ratings)
            weight = row["weight_points"]
            criteria.append(
                Criterion(
                    criterion_id=row["criterion_id"],
                    weight_points=weight,
                    raw_value=raw,
                    level=None if level is None else score(level),
                    points=points(weight, Fraction(self._missing_level) if level is None else level),
                    points_low=points(weight, Fraction(LOWEST) if level is None else level),
                    points_high=points(weight, Fraction(HIGHEST) if level is None else level),
                    is_imputed=level is None,
                )
            )
        return Axis(
            score=sum((one.points for one in criteria), Decimal(0)),
            low=sum((one.points_low for one in criteria), Decimal(0)),
            high=sum((one.points_high for one in criteria), Decimal(0)),
            coverage_weight=sum(one.weight_points for one in criteria if not one.is_imputed),
            criteria=tuple(criteria),
        )

    def exact_levels(
        self, scorecard: str, axis: str, measures: Measures, ratings: dict[str, InUse]
    ) -> dict[str, Fraction]:
        """The levels an axis was scored with, missing ones at the middle."""
        found = {row["criterion_id"]: self._level(row, measures, ratings)[1] for row in self._criteria[scorecard, axis]}
        return {name: Fraction(self._missing_level) if level is None else level for name, level in found.items()}

    def _level(self, row: Row, measures: Measures, ratings: dict[str, InUse]) -> tuple[Decimal | None, Fraction | None]:
        if row["method"] == "rating":
            used = ratings.get(row["criterion_id"])
            return (None, None) if used is None else (score(used.level), used.level)
        value = measures[row["measure"]]
        if value is None:
            loss = measures[LOSS]
            is_loss = row["measure"] in MARGINS and loss is not None and loss < 0
            return None, Fraction(LOWEST) if is_loss else None
        if row["method"] == "level":
            return Decimal(value), Fraction(value)
        exact = Fraction(value)
        reached = [
            (bound is not None, bound or Fraction(0), level)
            for bound, level in self._bounds[row["criterion_id"]]
            if bound is None or bound <= exact
        ]
        return Decimal(value), Fraction(max(reached)[2])


@cache
def points(weight: int, level: Fraction) -> Decimal:
    """weight x (level - 1) / 4, to 4 places."""
    return published(weight * (level - 1) / 4, 4)
