"""Methods to begin with (presets.yml): the criteria and weights that fit what is delivered.

Belongs here: choosing them. Not here: what a criterion is (portfolio), which preset a company gets and how it is written
(pipelines.onboarding).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pipelines.settings.yaml_file import read

FILE: Final = Path(__file__).with_suffix(".yml")
DEFAULT: Final = "erp_only"
"""What a portfolio.yml without `criteria` and `scorecards` has."""

PRESETS: Final = ("erp_only", "erp_crm", "full")


@dataclass(frozen=True, slots=True)
class Preset:
    """Plain values as portfolio.yml has them. `left_out` are the criteria whose sources are not there -> what they need."""

    criteria: Mapping[str, Mapping[str, Any]]
    scorecards: Mapping[str, Mapping[str, Mapping[str, int]]]
    left_out: Mapping[str, tuple[str, ...]]


def preset(name: str, delivered: Collection[str] = ()) -> Preset:
    """The preset for a company that has `delivered`: names of mapped tables, and of their mapped columns (`invoice_lines.cogs`).

    The weight of a criterion that is left out goes to the others of its axis, in proportion; every axis adds up to 100.
    """
    known = _document()
    criteria, axes = known["criteria"], known["presets"][name]
    needs = {each: tuple(said.get("needs", ())) for each, said in criteria.items()}
    left_out = {each: needed for each, needed in needs.items() if not set(needed) <= set(delivered)}
    scorecards = {
        card: {
            axis: _to_100({each: weight for each, weight in weights.items() if each not in left_out})
            for axis, weights in each_axis.items()
        }
        for card, each_axis in axes.items()
    }
    used = {each for each_axis in scorecards.values() for weights in each_axis.values() for each in weights}
    named = {each for each_axis in axes.values() for weights in each_axis.values() for each in weights}
    return Preset(
        {
            each: {key: value for key, value in said.items() if key != "needs"}
            for each, said in criteria.items()
            if each in used
        },
        scorecards,
        {each: needed for each, needed in left_out.items() if each in named},
    )


def _to_100(weights: Mapping[str, int]) -> dict[str, int]:
    """The weights in proportion, 100 in all: what rounding leaves goes to the largest remainders."""
    total = sum(weights.values())
    whole = {name: weight * 100 // total for name, weight in weights.items()}
    rest = 100 - sum(whole.values())
    largest = sorted(weights, key=lambda name: (-(weights[name] * 100 % total), list(weights).index(name)))
    return {name: part + (name in largest[:rest]) for name, part in whole.items()}


@cache
def _document() -> Any:
    return read(FILE).value
