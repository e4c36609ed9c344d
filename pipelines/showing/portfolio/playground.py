"""What the weights can be tried on in the page, as whole numbers. Belongs here: what the playground's script gets.

Not here: the rows (query), the rule that the script repeats (dbt: points, int_scores__parent, int_zones__raw), the look (bi/portfolio).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipelines.settings.portfolio import criteria_allowed
from pipelines.showing.portfolio import words
from pipelines.showing.portfolio.everybody import Json
from pipelines.showing.portfolio.model import PlaygroundCriterion, PlaygroundParents, PortfolioPage
from pipelines.vocabulary import Text, Voice, code_groups


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of a scorecard, the fewest criteria it may have, and its criteria."""

    scorecard: str
    name: str
    least: int
    criteria: tuple[PlaygroundCriterion, ...]


AXES: Final = ("potential", "attractiveness")
_LEVEL_UNIT: Final = 10**10
_SCORE_UNIT: Final = 10**4

UNRATED: Final = "unrated"
_PLACED: Final = {
    "customer": ("protection", "development", "maintain", "withdrawal"),
    "lead": ("target_lead", "nurture_lead", "nurture_lead", "disqualified_lead"),
}
"""The raw zone by scorecard: both axes high, potential alone, attractiveness alone, none. Any other has those of customers."""


def is_possible(page: PortfolioPage) -> bool:
    """Whether the version holds what the weights are tried on: scores, and the settings by which zones are told from them."""
    known = [page.method[name] for name in ("missing_level", "min_coverage")]
    return bool(page.playground.parents) and all(value is not None for value in known)


def left_out(page: PortfolioPage) -> int:
    """How many with a score the page does not hold, because it would grow too large."""
    return page.playground.facts.parents - sum(len(each.ids) for each in page.playground.parents)


def payload(page: PortfolioPage, criteria: Mapping[str, Text], threshold: Decimal, voices: Sequence[Voice]) -> Json:
    """None where nothing can be tried; else scores in units of 10^-4, levels of 10^-10, money of 10^-2, zones by their number."""
    if not is_possible(page):
        return None
    zones = sorted(
        {UNRATED, *(zone for placed in _PLACED.values() for zone in placed)}, key=code_groups()["zone"].place
    )
    numbers = {zone: number for number, zone in enumerate(zones)}
    return {
        "threshold": int(threshold * _SCORE_UNIT),
        "coverage": int(page.method["min_coverage"] or 0),
        "missing": int((page.method["missing_level"] or 0) * _LEVEL_UNIT),
        "levels": [*page.playground.facts.levels],
        "zones": [
            {"code": zone, "name": {voice.language: words.label("zone", zone).by(voice) for voice in voices}}
            for zone in zones
        ],
        "unrated": numbers[UNRATED],
        "scorecards": [
            {
                "name": parents.scorecard,
                "placed": [numbers[zone] for zone in _PLACED.get(parents.scorecard, _PLACED["customer"])],
                **_columns(parents, numbers),
                "criteria": [
                    {
                        "axis": each.axis,
                        "id": each.criterion_id,
                        "weight": each.weight_points,
                        "levels": [*each.levels],
                    }
                    for each in page.playground.criteria
                    if each.scorecard == parents.scorecard
                ],
            }
            for parents in page.playground.parents
        ],
    }


def axes(page: PortfolioPage) -> tuple[Axis, ...]:
    """The axes whose weights can be moved, in the order the page shows them; none where nothing can be tried."""
    if not is_possible(page):
        return ()
    return tuple(
        Axis(scorecard.scorecard, name, min(criteria_allowed(scorecard.scorecard, name)[0], len(found)), found)
        for scorecard in page.playground.parents
        for name in AXES
        if (
            found := tuple(
                each for each in page.playground.criteria if (each.scorecard, each.axis) == (scorecard.scorecard, name)
            )
        )
    )


def _columns(parents: PlaygroundParents, numbers: Mapping[str, int]) -> dict[str, Json]:
    return {
        "ids": [*parents.ids],
        "names": [*parents.names],
        "zones": [numbers.get(zone or UNRATED, numbers[UNRATED]) for zone in parents.zones],
        "judged": [*parents.judged_by],
        "revenue": [*parents.net_revenue],
        "contribution": [*parents.customer_contribution],
    }
