"""Would other thresholds or weights give another raw zone? (METHOD 1.15)

Belongs here: the threshold grid and the weight shifts.

Readings:
- Missing criteria stay at the middle level; points of shifted weights are rounded per criterion as in the score.
- NULL in all columns while unrated (there is no raw zone to be stable); a disqualified lead is always stable.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .arithmetic import ratio, score
from .inputs import Row
from .result import Axis, Sensitivity, Zone
from .scoring import points
from .zones import Number, plain_zone


def evaluate_sensitivity(
    zone: Zone,
    is_lead: bool,
    is_disqualified: bool,
    axes: tuple[Axis, Axis],
    levels: tuple[dict[str, Fraction], dict[str, Fraction]],
    grid: list[Number],
    parameters: Row,
) -> Sensitivity:
    """Stability of one parent; `axes` and `levels` are potential, then attractiveness."""
    if zone.plain_zone is None:
        return Sensitivity(None, None, None)
    scores = axes[0].score, axes[1].score
    threshold = parameters["zone_threshold"]

    def stays(potential: Number, attractiveness: Number, thresholds: tuple[Number, Number]) -> bool:
        return plain_zone(is_lead, is_disqualified, potential, attractiveness, thresholds) == zone.plain_zone

    by_threshold = [stays(*scores, (p, a)) for p in grid for a in grid]
    by_weight = [stays(p, scores[1], (threshold, threshold)) for p in _shifted(axes[0], levels[0], parameters)]
    by_weight += [stays(scores[0], a, (threshold, threshold)) for a in _shifted(axes[1], levels[1], parameters)]
    return Sensitivity(
        threshold_stability=ratio(Fraction(sum(by_threshold), len(by_threshold))),
        weight_stability=ratio(Fraction(sum(by_weight), len(by_weight))) if by_weight else None,
        distance_to_threshold=score(min(abs(Fraction(one) - Fraction(threshold)) for one in scores)),
    )


def _shifted(axis: Axis, levels: dict[str, Fraction], parameters: Row) -> list[Decimal]:
    """The axis score after each shift of weight from one criterion to another."""
    shift = parameters["sensitivity_weight_shift_points"]
    weights = {one.criterion_id: one.weight_points for one in axis.criteria}
    results = []
    for giver, weight in weights.items():
        for taker, gained in weights.items():
            if taker == giver or weight < shift:
                continue
            moved = weights | {giver: weight - shift, taker: gained + shift}
            results.append(sum((points(points_of, levels[name]) for name, points_of in moved.items()), Decimal(0)))
    return results
