"""Where the lines of the coverage curve run. Belongs here: answers and shares to places in the picture. Not here: the figures (read), what
is drawn around (bi/potential_check).

Places are per cent of the room the picture has, from the left and from the top, with two decimals: the same facts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipelines.showing.potential_check.model import Point, PotentialCheck

_CENT: Final = Decimal("0.01")
_WHOLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `key` says what it shows, `path` its points for SVG, `needed` where the share to be covered is reached."""

    key: str
    path: str
    answers: int
    needed_left: Decimal | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The picture: its lines, how many answers its right end stands for, how far from the top the share to be covered runs."""

    lines: tuple[Line, ...]
    most: int
    cover_top: Decimal


def curve(check: PotentialCheck) -> Curve | None:
    """The share of revenue judged after so many answers; None where nobody can be asked. Two lines that are one are drawn as one."""
    most = max((point.answers for point in (*check.rated, *check.estimated)), default=0)
    if not most:
        return None
    needed = {"rated": check.totals.to_rate, "estimated": check.totals.to_estimate}
    both = {"rated": check.rated, "estimated": check.estimated}
    drawn = (
        {"judged": check.rated} if check.rated == check.estimated else {key: line for key, line in both.items() if line}
    )
    lines = tuple(_line(key, points, needed.get(key, check.totals.to_rate), most) for key, points in drawn.items())
    return Curve(lines, most, (_WHOLE - check.cover * 100).quantize(_CENT))


def _line(key: str, points: Sequence[Point], needed: int, most: int) -> Line:
    places = [(_left(point.answers, most), _top(point.ratio)) for point in points]
    if points[-1].answers < most:
        places.append((_WHOLE, places[-1][1]))
    path = " ".join(f"{left},{top}" for left, top in places)
    return Line(key, path, needed, _left(needed, most) if needed else None)


def _left(answers: int, most: int) -> Decimal:
    return (Decimal(answers) * 100 / most).quantize(_CENT)


def _top(ratio: Decimal) -> Decimal:
    return (_WHOLE - ratio * 100).quantize(_CENT)
