"""Where the bars of a sheet begin and end. Belongs here: amounts to lengths. Not here: amounts (read), what is drawn around (bi/sheets).

Lengths are per cent of the room a chart has, with two decimals, so that the same facts give the same bytes. What is not known has no
bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from pipelines.showing.explain.model import CASCADE, Contribution
from pipelines.showing.sheets.customer.model import Month

_CENT: Final = Decimal("0.01")
_WIDE: Final = Decimal("0.8")
_NARROW: Final = Decimal("0.4")
"""Parts of a month's room its bars take."""


@dataclass(frozen=True, slots=True)
class Bar:
    """From where and how long, in per cent."""

    begin: Decimal
    length: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the waterfall; `bar` is None where it is not known."""

    name: str
    amount: Decimal | None
    is_result: bool
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Column:
    """A month: two bars from the top down, the contribution's narrower and in front."""

    month_start: date
    revenue_left: Decimal
    revenue: Bar | None
    contribution_left: Decimal
    contribution: Bar | None
    visits: int | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The months side by side; `zero` is where the line of no money runs, from the top."""

    columns: tuple[Column, ...]
    revenue_width: Decimal
    contribution_width: Decimal
    zero: Decimal
    highest: Decimal
    lowest: Decimal


def waterfall(contribution: Contribution) -> tuple[Step, ...]:
    """From gross list revenue to contribution IV: a result stands on zero, a cost hangs between the results around it."""
    amounts: list[Decimal | None] = [getattr(contribution, name) for name in CASCADE]
    known = [amount for place, amount in enumerate(amounts) if amount is not None and place % 2 == 0]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    steps = []
    for place, (name, amount) in enumerate(zip(CASCADE, amounts, strict=True)):
        is_result = place % 2 == 0
        begin, end = (Decimal(0), amount) if is_result else (amounts[place - 1], amounts[place + 1])
        bar = None if amount is None or begin is None or end is None else _bar(begin, end, low, high)
        steps.append(Step(name, amount, is_result, bar))
    return tuple(steps)


def columns(months: Sequence[Month]) -> Columns:
    """Revenue and contribution of the months, losses below the line."""
    known = [each for month in months for each in (month.net_revenue, month.contribution) if each is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    room = Decimal(100) / max(1, len(months))
    wide, narrow = (room * _WIDE).quantize(_CENT), (room * _NARROW).quantize(_CENT)

    def down(value: Decimal | None) -> Bar | None:
        if value is None:
            return None
        up = _bar(Decimal(0), value, low, high)
        return Bar(Decimal(100) - up.begin - up.length, up.length)

    def left(place: int, width: Decimal) -> Decimal:
        return (room * place + (room - width) / 2).quantize(_CENT)

    drawn = tuple(
        Column(
            month_start=month.month_start,
            revenue_left=left(place, wide),
            revenue=down(month.net_revenue),
            contribution_left=left(place, narrow),
            contribution=down(month.contribution),
            visits=month.visits,
        )
        for place, month in enumerate(months)
    )
    return Columns(drawn, wide, narrow, Decimal(100) - _bar(low, Decimal(0), low, high).length, high, low)


def share(part: Decimal, whole: Decimal | int) -> Decimal:
    """How much of the whole a part is, in per cent, 0 to 100."""
    return max(Decimal(0), min(Decimal(100), part * 100 / whole)).quantize(_CENT) if whole else Decimal(0)


def _bar(begin: Decimal, end: Decimal, low: Decimal, high: Decimal) -> Bar:
    span = (high - low) or Decimal(1)
    first, last = sorted(((begin - low) * 100 / span, (end - low) * 100 / span))
    left = first.quantize(_CENT)
    return Bar(left, last.quantize(_CENT) - left)
