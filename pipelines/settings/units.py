"""The unit a setting of the method is in. Belongs here: from a setting's path to its unit; not here: its value (tables).

A unit is the end or a word of the setting's own name, as everywhere in the product; a level's bound is in the unit of its measure.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.settings.portfolio import Portfolio

_BY_NAME: Final = (
    (r"_per_year$", "per year"),
    (r"(^|_)days(_|$)", "days"),
    (r"months$", "months"),
    (r"(^|_)years(_|$)", "years"),
    (r"(^|_)hours(_|$)", "hours"),
    (r"minutes$", "minutes"),
    (r"periods$", "as-of dates"),
    (r"_level$|_levels$", "level"),
    (r"(^|_)(threshold|band|points|weight)(_|$)", "points"),
    (r"(^|_)(ratio|share|factor|elasticity|cagr|yoy|change)(_|$)", "ratio"),
    (r"_cost$|_gap$|_demand$|_revenue$|contribution_\d$", "money"),
    (r"_index(_from)?$", "index"),
    (r"_(items|gaps|entries|ratings|reps|size|arm|invoices|visits|below)(_|$)", "count"),
)
_BY_SECTION: Final = (
    (r"scorecards\..*", "points"),
    (r"customer_value\.weights\..*", "ratio"),
    (r"loyalty\.tenure_years\.\d", "years"),
)


def unit_of(path: tuple[str, ...], portfolio: Portfolio) -> str | None:
    """The unit of a numeric setting: days, points, ratio (0..1), per year ...; money is named by its currency. None: unknown."""
    whole = ".".join(path)
    for pattern, unit in _BY_SECTION:
        if re.fullmatch(pattern, whole):
            return unit
    name = path[-1]
    if path[0] == "criteria":
        name = portfolio.criteria[path[1]].measure or name
    unit = next((unit for pattern, unit in _BY_NAME if re.search(pattern, name)), None)
    return portfolio.currency.reporting if unit == "money" else unit
