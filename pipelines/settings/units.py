"""The unit a setting of the method is in. Belongs here: from a setting's path to its unit; not here: its value (tables).

A setting's own name tells it as any name does (pipelines.vocabulary.units), a level's bound is in the unit of its measure.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.settings.portfolio import Portfolio
from pipelines.vocabulary.units import unit_of

_BY_SECTION: Final = (
    (r"scorecards\..*", "points"),
    (r"customer_value\.weights\..*", "ratio"),
    (r"loyalty\.tenure_years\.\d", "years"),
    (r"fiscal_year_start", "month of the year"),
)


def unit_of_setting(path: tuple[str, ...], portfolio: Portfolio) -> str | None:
    """The unit of a numeric setting; money is named by its currency. None: unknown."""
    whole = ".".join(path)
    for pattern, unit in _BY_SECTION:
        if re.fullmatch(pattern, whole):
            return unit
    name = path[-1]
    if path[0] == "criteria":
        name = portfolio.criteria[path[1]].measure or name
    told = unit_of(name)
    return portfolio.currency.reporting if told == "money" else told
