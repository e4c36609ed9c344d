"""What a campaign changed, and how sure that is (METHOD 1.14, 1.19's interval alike).

Belongs here: phases, arms, difference in differences with its jackknife, verdicts. Not here: what a parent brought in a month
(contribution.py).

Readings (SETTLED A52-A57c): calendar months around the months of start and end; customers and leads are members, accounts of one
parent are one; decisions on exact numbers, squares instead of roots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from .arithmetic import published
from .contribution import Sheet, known_levels, scored_place
from .inputs import Company, Row
from .periods import month_end, month_of
from .structure import Structure

FACTOR = Fraction(196, 100)
_DIGITS = 40


@dataclass(frozen=True)
class Effect:
    """One campaign at one as-of date."""

    phase: str
    n_treated: int
    n_control: int
    excluded_members: int
    effect: Decimal | None = None
    standard_error: Decimal | None = None
    interval_low: Decimal | None = None
    interval_high: Decimal | None = None
    pretrend_low: Decimal | None = None
    pretrend_high: Decimal | None = None
    is_pretrend_ok: bool | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class _Estimate:
    """An effect in cents and its squared standard error, both exact."""

    effect: Fraction
    variance: Fraction

    def is_above(self) -> bool:
        return self.effect > 0 and self.effect**2 > FACTOR**2 * self.variance

    def is_below(self) -> bool:
        return self.effect < 0 and self.effect**2 > FACTOR**2 * self.variance

    def bound(self, sign: int) -> Decimal:
        return published((self.effect + sign * FACTOR * root(self.variance)) / 100, 2)


def root(square: Fraction) -> Fraction:
    """A square root, far beyond what is published."""
    return Fraction(isqrt(square.numerator * 10 ** (2 * _DIGITS) // square.denominator), 10**_DIGITS)


def effects(
    company: Company,
    structure: Structure,
    sheet: Sheet,
    depth: int,
    as_of: date,
    first_month: int | None,
    parameters: Row,
) -> dict[str, Effect]:
    """Every campaign of the date."""
    return {
        row["campaign_id"]: _effect(
            row, company.campaign_members, structure, sheet, depth, as_of, first_month, parameters
        )
        for row in company.campaigns
    }


def _effect(
    campaign: Row,
    members: Sequence[Row],
    structure: Structure,
    sheet: Sheet,
    depth: int,
    as_of: date,
    first_month: int | None,
    parameters: Row,
) -> Effect:
    arms: dict[str, set[bool]] = {}
    for row in members:
        place = structure.account_place(row["account_id"])
        if row["campaign_id"] == campaign["campaign_id"] and place.column in ("customers", "leads"):
            arms.setdefault(place.parent_id, set()).add(row["is_control"])
    treated = sorted(p for p, flags in arms.items() if flags == {False})
    control = sorted(p for p, flags in arms.items() if flags == {True})
    pre, post = month_of(campaign["starts_on"]) - 12, month_of(campaign["ends_on"]) + 1
    if as_of < campaign["starts_on"]:
        phase = "planned"
    elif as_of <= campaign["ends_on"]:
        phase = "running"
    else:
        phase = "measured" if as_of >= month_end(post + 11) else "waiting"
    counts = Effect(phase, len(treated), len(control), len(arms) - len(treated) - len(control))
    if phase != "measured":
        return counts
    known = first_month is not None
    is_pre_delivered, is_before_delivered = known and first_month <= pre, known and first_month <= pre - 12  # type: ignore[operator]
    if min(len(treated), len(control)) < parameters["campaign_min_members_per_arm"] or not depth:
        return _with(counts, verdict="not_measurable")

    def brought(parents: Sequence[str], first: int) -> list[int]:
        months = range(first, first + 12)
        found = [known_levels(sheet.sums(scored_place(structure, p), months), depth)[depth - 1] for p in parents]
        return [amount for amount in found if amount is not None]

    windows = {first: (brought(treated, first), brought(control, first)) for first in (pre - 12, pre, post)}
    effect = _estimate(windows[pre], windows[post]) if is_pre_delivered else None
    pretrend = _estimate(windows[pre - 12], windows[pre]) if is_before_delivered and effect is not None else None
    found: dict[str, object] = {}
    if effect is not None:
        found |= {
            "effect": published(effect.effect / 100, 2),
            "standard_error": published(root(effect.variance) / 100, 6),
            "interval_low": effect.bound(-1),
            "interval_high": effect.bound(1),
        }
    if pretrend is not None:
        is_ok = not pretrend.is_above() and not pretrend.is_below()
        found |= {
            "pretrend_low": pretrend.bound(-1),
            "pretrend_high": pretrend.bound(1),
            "is_pretrend_ok": is_ok,
        }
    if effect is None and is_pre_delivered:
        verdict = "not_measurable"
    elif not is_before_delivered:
        verdict = "no_pretrend"
    elif pretrend is None or effect is None:
        verdict = "not_measurable"
    elif pretrend.is_above() or pretrend.is_below():
        verdict = "pretrend_differs"
    else:
        verdict = "worked" if effect.is_above() else "did_harm" if effect.is_below() else "undecided"
    return _with(counts, verdict=verdict, **found)


def _estimate(before: tuple[list[int], list[int]], after: tuple[list[int], list[int]]) -> _Estimate | None:
    """The effect, leaving out one member at a time; None where a control sum, whole or without one, is not above 0."""
    (treated_pre, control_pre), (treated_post, control_post) = before, after

    def formula(tp: int, tq: int, cp: int, cq: int) -> Fraction:
        return tq - Fraction(tp) * cq / cp

    sums = sum(treated_pre), sum(treated_post), sum(control_pre), sum(control_post)
    if sums[2] <= 0 or any(sums[2] - one <= 0 for one in control_pre):
        return None
    without_treated = [
        formula(sums[0] - p, sums[1] - q, sums[2], sums[3]) for p, q in zip(treated_pre, treated_post, strict=True)
    ]
    without_control = [
        formula(sums[0], sums[1], sums[2] - p, sums[3] - q) for p, q in zip(control_pre, control_post, strict=True)
    ]
    variance = Fraction(0)
    for arm in (without_treated, without_control):
        mean = sum(arm, Fraction(0)) / len(arm)
        variance += Fraction(len(arm) - 1, len(arm)) * sum(((one - mean) ** 2 for one in arm), Fraction(0))
    return _Estimate(formula(*sums), variance)


def _with(counts: Effect, **found: object) -> Effect:
    return Effect(counts.phase, counts.n_treated, counts.n_control, counts.excluded_members, **found)  # type: ignore[arg-type]


def steps(found: Mapping[str, Effect], company: Company, as_of: date, parameters: Row) -> dict[int, dict[str, object]]:
    """The cockpit's steps that campaigns alone decide: focus and control (SETTLED A61, A63)."""
    if not company.campaigns:
        return {4: {"measure": None, "is_done": None}, 6: {"measure": None, "is_done": None}}
    quarter = f"{as_of.year}-Q{(as_of.month + 2) // 3}"
    foci = {row["focus_criterion_id"] for row in company.campaigns if row["quarter"] == quarter}
    verdicts = [one.verdict for one in found.values() if one.phase == "measured"]
    judged = sum(one in ("worked", "did_harm", "undecided") for one in verdicts)
    share = Fraction(judged, len(verdicts)) if verdicts else None
    return {
        4: {"measure": published(Fraction(len(foci)), 6), "is_done": len(foci) == 1},
        6: {
            "measure": None if share is None else published(share, 6),
            "is_done": None if share is None else share >= Fraction(parameters["programme_step_done_share"]),
        },
    }
