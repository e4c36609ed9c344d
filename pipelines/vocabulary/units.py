"""The unit a figure is in, told by its name: a name ends in its unit everywhere in the product. Belongs here: only that rule."""

from __future__ import annotations

import re
from typing import Final, Literal

Unit = Literal[
    "per year", "days", "months", "years", "hours", "minutes", "as-of dates", "level", "points", "times", "ratio", "money",
    "index", "count", "0 or 1",
]  # fmt: skip

_BY_NAME: Final[tuple[tuple[str, Unit], ...]] = (
    (r"_per_year$", "per year"),
    (r"^has_", "0 or 1"),
    (r"(^|_)days(_|$)", "days"),
    (r"months$", "months"),
    (r"(^|_)years(_|$)", "years"),
    (r"(^|_)hours(_|$)", "hours"),
    (r"minutes$", "minutes"),
    (r"periods$", "as-of dates"),
    (r"_levels?$", "level"),
    (r"(^|_)(threshold|band|points|weight)(_|$)", "points"),
    (r"(^|_)recency(_|$)", "times"),
    (r"(^|_)(ratio|share|factor|elasticity|cagr|yoy|change|probability)(_|$)", "ratio"),
    (r"_cost$|_gap$|_demand$|_revenue$|_pipeline$|contribution_\d$|^(customer|potential)_contribution$", "money"),
    (r"_index(_from)?$", "index"),
    (r"^referrals$", "count"),
    (r"_(items|gaps|entries|ratings|reps|size|arm|invoices|visits|below|n)(_|$)", "count"),
)


def unit_of(name: str) -> Unit | None:
    """Days, points, ratio (0..1, never percent), times (multiples), money ...; None where the name does not tell."""
    return next((unit for pattern, unit in _BY_NAME if re.search(pattern, name)), None)
