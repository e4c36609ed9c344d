"""Lines of invoices against seconds, as an SVG written by hand. Belongs here: drawing; not here: which figures (report).

Both axes are logarithmic: a program that grows in proportion to its data climbs one line of the grid with every line across. Each series
is named where it ends and has a dash of its own: colour is never the only difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH, HEIGHT = 740, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 170, 48, 56
COLOURS: Final = ("#1b4f8a", "#b3541e", "#2f7d4f", "#7a3b8f", "#5a5a5a")
DASHES: Final = ("", "8 4", "2 4", "10 3 2 3", "5 5")
NAME_HEIGHT: Final = 16
"""Names closer than this, in the picture's units, are pushed apart."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One logarithmic axis: from value to place."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Where a value stands, in the picture's units."""
        share = (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        return self.start + share * (self.end - self.start)

    def powers(self) -> list[float]:
        """The powers of ten on the axis."""
        return [10.0**power for power in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)]


def _scale(values: Sequence[float], start: float, end: float) -> Scale:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return Scale(10.0**low, 10.0 ** max(high, low + 1), start, end)


def svg(series: Mapping[str, Mapping[int, float]], title: str, description: str) -> str:
    """A picture of name -> {lines: seconds}; empty series are left out."""
    drawn = {name: dict(sorted(points.items())) for name, points in series.items() if points}
    if not drawn:
        return _framed(title, description, [f'<text x="{LEFT}" y="60" fill="#333333">Nothing was measured yet.</text>'])
    across = _scale([lines for points in drawn.values() for lines in points], LEFT, WIDTH - RIGHT)
    up = _scale([wall for points in drawn.values() for wall in points.values()], HEIGHT - BOTTOM, TOP)
    return _framed(title, description, [*_axes(across, up), *_lines(drawn, across, up)])


def _framed(title: str, description: str, parts: Sequence[str]) -> str:
    whole = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title desc" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(description)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" font-weight="600" fill="#1a1a1a">{escape(title)}</text>',
        *parts,
        "</svg>",
    ]
    return "\n".join(whole) + "\n"


def _axes(across: Scale, up: Scale) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for value in across.powers():
        x = f"{across.place(value):.1f}"
        parts.append(f'<path d="M{x} {TOP}V{bottom}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle" fill="#333333">{_short(value)}</text>')
    for value in up.powers():
        y = up.place(value)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#333333">{value:g}</text>')
    parts.append(
        f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 14}" text-anchor="middle" fill="#333333">invoice lines</text>'
    )
    parts.append(
        f'<text transform="translate(18 {(TOP + bottom) / 2:.0f}) rotate(-90)" text-anchor="middle" fill="#333333">seconds</text>'
    )
    return parts


def _lines(drawn: Mapping[str, Mapping[int, float]], across: Scale, up: Scale) -> list[str]:
    parts, names = [], []
    for number, (name, points) in enumerate(drawn.items()):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        places = [(across.place(lines), up.place(wall)) for lines, wall in points.items()]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
        names.append((places[-1][1], places[-1][0], name, colour))
    reached = -math.inf
    for y, x, name, colour in sorted(names):
        reached = max(y, reached + NAME_HEIGHT)
        parts.append(f'<text x="{x + 10:.1f}" y="{reached + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    return parts


def _short(value: float) -> str:
    """1000000 as 1 M."""
    for unit, sign in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g} {sign}"
    return f"{value:g}"
