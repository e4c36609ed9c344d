"""When a sentence may be said, over the oracle's own numbers: computed from a company's raw rows, not from any mart.

Belongs here: per statement of the catalogue (pipelines/vocabulary/statements.yml) what must be so, and that the facts in the
sentence are the oracle's. Not here: the same conditions over published columns (columns.py), making things speak (telling.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from pipelines.vocabulary import Saying, Voice
from pipelines.vocabulary.formats import decimals_of
from pipelines.vocabulary.statements import plain_key, statements
from tests.generated.companies import Case
from tests.oracle import AsOf, Result
from tests.oracle.result import Axis, Criterion

PLACED: Final = ("protection", "development", "maintain", "withdrawal")
AXES: Final = ("potential", "attractiveness")


@dataclass(frozen=True)
class Told:
    """One saying beside the truth of its date."""

    saying: Saying
    truth: AsOf
    case: Case

    @property
    def voice(self) -> Voice:
        """The language it was said in; nobody listens."""
        return Voice(self.saying.language)

    @property
    def parent(self) -> str:
        """Of whom."""
        assert self.saying.ultimate_parent_id is not None
        return self.saying.ultimate_parent_id

    @property
    def code(self) -> str:
        """Of a code's text the code."""
        return plain_key(self.saying.key).partition(".")[2]

    @property
    def is_lead(self) -> bool:
        """Whether it is said of a lead."""
        return self.truth.relationship_type[self.parent] == "lead"

    @property
    def zone(self) -> Any:
        """Where the customer stands."""
        return self.truth.zone[self.parent]

    @property
    def value(self) -> Any:
        """A customer's value; None of a lead."""
        return self.truth.value.get(self.parent)

    @property
    def contribution(self) -> Any:
        """The customer's contribution."""
        return self.truth.contribution[self.parent]

    @property
    def customers(self) -> tuple[str, ...]:
        """All scored customers."""
        return tuple(parent for parent, kind in self.truth.relationship_type.items() if kind == "customer")

    @property
    def leads(self) -> tuple[str, ...]:
        """All leads."""
        return tuple(parent for parent, kind in self.truth.relationship_type.items() if kind == "lead")

    def axes(self) -> Iterator[tuple[str, Axis]]:
        """The customer's axes."""
        for (parent, axis), scores in self.truth.axes.items():
            if parent == self.parent:
                yield axis, scores

    def criteria(self, *axes: str) -> Iterator[Criterion]:
        """The criteria of the customer's axes."""
        for axis, scores in self.axes():
            if not axes or axis in axes:
                yield from scores.criteria

    def says(self, **facts: object) -> bool:
        """True if the sentence's facts are these."""
        return all(self.saying.facts.get(name) == value for name, value in facts.items())

    def label(self, group: str, code: str | None) -> str:
        """The word for a code."""
        return self.voice.label(group, code or "")

    def score(self, value: Decimal | None) -> str:
        """A score as sentences write it."""
        return self.voice.number(value, decimals_of(value, 4, 1))

    def count(self, members: Iterable[object]) -> str:
        """How many, as sentences write it."""
        return self.voice.number(sum(1 for _ in members))

    def money(self, amount: Decimal | None, decimals: int = 0) -> str:
        """An amount in the reporting currency."""
        return self.voice.money(amount, str(self.case.settings.parameters["reporting_currency"]), decimals)


Condition = Callable[[Told], bool]

OF_CODES: Final[dict[str, Condition]] = {
    "relationship_type": lambda t: t.truth.relationship_type[t.parent] == t.code,
    # Whoever is blocked or insolvent is so, also as a lead.
    "customer_status": lambda t: t.code in ("lead", "blocked") if t.is_lead else t.code != "lead",
    "zone": lambda t: (
        t.code
        in {
            t.zone.zone,
            t.zone.raw_zone,
            t.zone.service_zone,
            t.zone.previous_zone,
            t.zone.override_zone,
            *t.zone.possible_zones,
        }
    ),
    "zone_status": lambda t: t.zone.zone_status == t.code,
    "zone_status_reason": lambda t: t.code in t.zone.zone_status_reasons,
    "observation_rule": lambda t: t.zone.zone_status == "observation",
    "customer_type": lambda t: t.truth.customer_type.get(t.parent) == t.code,
    "danger": lambda t: t.code in dangers(t, t.parent),
    "reliability": lambda t: t.contribution.contribution_reliability == t.code,
}
"""Groups of codes the oracle knows of a customer."""


def dangers(t: Told, parent: str) -> set[str]:
    """The dangers of believing the customer's ABC class."""
    value = t.truth.value.get(parent)
    if value is None:
        return set()
    flags = {
        "1": value.danger_1_high_revenue_negative_contribution,
        "2": value.danger_2_declining_or_weak_credit,
        "3": value.danger_3_order_behaviour,
        "4": value.danger_4_c_class_high_potential,
        "5": (value.danger_5_untapped_wallet or 0) > 0,
    }
    return {danger for danger, is_there in flags.items() if is_there}


def _override(t: Told) -> bool:
    zone = t.zone
    return zone.override_zone is not None and t.says(zone=t.label("zone", zone.override_zone))


def _distance(t: Told, is_above: bool) -> bool:
    threshold = Decimal(t.case.settings.parameters["zone_threshold"])
    for axis, scores in t.axes():
        away = scores.score - threshold
        if axis in AXES and (away >= 0) is is_above and t.says(axis=t.label("axis", axis), points=t.score(abs(away))):
            return True
    return False


def _since(t: Told) -> bool:
    zone = t.zone
    return zone.zone_since is not None and t.says(zone=t.label("zone", zone.zone), day=t.voice.day(zone.zone_since))


def _is_developed(t: Told) -> bool:
    """Gaps and what blocks are shown where something is to be developed, and nobody set another zone (METHOD 1.18)."""
    zone = t.zone
    return zone.zone in ("protection", "development", "new_customer", "target_lead") and zone.override_zone in (
        None,
        zone.zone,
    )


def _blocking(t: Told) -> bool:
    if not _is_developed(t):
        return False
    blocked = t.truth.development.get(t.parent)
    if blocked is None or blocked.blocking_criterion_id is None:
        return False
    return t.says(lost=t.score(blocked.lost_points), missing=t.score(blocked.points_to_protection))


def _next(t: Told) -> Any:
    wallet = t.truth.wallet[t.parent]
    return next(
        (each for each in wallet.groups if each.product_group and each.product_group == wallet.next_best_product_group),
        None,
    )


def _next_text(t: Told) -> bool:
    group = _next(t)
    return (
        group is not None
        and _is_developed(t)
        and t.says(group=group.product_group, gap=t.voice.number(group.achievable_gap))
    )


def _payment(t: Told, is_low: bool) -> bool:
    payment = t.truth.payment.get(t.parent)
    if payment is None or payment.items == 0 or payment.is_low_n is not is_low:
        return False
    return t.says(items=t.voice.number(payment.items))


def _stability(t: Told) -> bool:
    found = t.truth.sensitivity.get(t.parent)
    if found is None or found.threshold_stability is None or found.weight_stability is None:
        return False
    percent = t.voice.percent
    return t.says(thresholds=percent(found.threshold_stability, 0), weights=percent(found.weight_stability, 0))


def _low(t: Told) -> bool:
    low = t.contribution.contribution_4_low
    return low is not None and t.says(
        low=t.voice.number(low), logged=t.voice.percent(t.contribution.logged_capacity_ratio)
    )


def _axis(t: Told) -> bool:
    """Both bounds of an axis on which something is not known."""
    for axis, scores in t.axes():
        if axis in AXES and any(part.is_imputed for part in scores.criteria):
            told = t.says(
                score=t.score(scores.score),
                low=t.score(scores.low),
                high=t.score(scores.high),
                coverage=t.voice.number(scores.coverage_weight),
            )
            if told:
                return True
    return False


def _axis_known(t: Told) -> bool:
    return any(
        axis in AXES and not any(part.is_imputed for part in scores.criteria) and t.says(score=t.score(scores.score))
        for axis, scores in t.axes()
    )


def _sum(t: Told, values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _customers_note(t: Told) -> bool:
    zones = [t.truth.zone[parent].zone for parent in t.customers]
    return t.says(
        placed=t.count(zone for zone in zones if zone in PLACED),
        unrated=t.count(zone for zone in zones if zone == "unrated"),
        new=t.count(zone for zone in zones if zone == "new_customer"),
    )


def _apart(t: Told, zone: str) -> list[str]:
    return [parent for parent in t.customers if t.truth.zone[parent].zone == zone]


def _apart_count(t: Told) -> bool:
    return any(t.says(count=t.count(_apart(t, zone))) for zone in ("unrated", "new_customer"))


def _apart_revenue(t: Told) -> bool:
    for zone in ("unrated", "new_customer"):
        total = sum((t.truth.contribution[parent].net_revenue for parent in _apart(t, zone)), Decimal(0))
        if t.says(amount=t.money(total)):
            return True
    return False


def _gaps(t: Told, parents: Iterable[str]) -> list[Decimal]:
    gaps = (t.truth.wallet[parent].achievable_gap for parent in parents)
    return [gap for gap in gaps if gap is not None]


def _targets(t: Told) -> str:
    return t.count(parent for parent in t.leads if t.truth.zone[parent].zone == "target_lead")


def _losses_note(t: Told) -> bool:
    amounts = [t.truth.contribution[parent].customer_contribution for parent in t.customers]
    return t.says(amount=t.money(sum((amount for amount in amounts if amount is not None and amount < 0), Decimal(0))))


def _endangered(danger: str, t: Told) -> bool:
    found = [parent for parent in t.customers if danger in dangers(t, parent)]
    if not found:
        return False
    if danger == "1":
        amounts = [t.truth.contribution[parent].customer_contribution for parent in found]
    elif danger in "23":
        amounts = [t.truth.contribution[parent].net_revenue for parent in found]
    else:
        amounts = [t.truth.value[parent].danger_5_untapped_wallet for parent in found]
    return t.says(amount=t.money(_sum(t, amounts)))


def _reliability(t: Told, code: str) -> bool:
    known = {(row.contribution_reliability, row.logged_capacity_ratio) for row in t.truth.contribution.values()}
    return any(row[0] == code and t.says(share=t.voice.percent(row[1], 0)) for row in known)


CONDITIONS: Final[dict[str, Condition]] = {
    # who
    "explain.heading.override": _override,
    "explain.heading.key_account": lambda t: t.zone.is_key_account,
    "explain.heading.value": lambda t: (
        t.value is not None
        and t.says(
            score=t.score(t.value.customer_value_score),
            rank=t.voice.number(t.value.rank_customer_value),
            count=t.count(each for each in t.truth.value.values() if each.rank_customer_value is not None),
        )
    ),
    "explain.heading.rank_contribution": lambda t: (
        t.value is not None
        and t.value.customer_value_score is None
        and t.says(rank=t.voice.number(t.value.rank_contribution_4))
    ),
    "explain.heading.rank_revenue": lambda t: (
        t.value is not None
        and t.value.customer_value_score is None
        and t.says(rank=t.voice.number(t.value.rank_revenue))
    ),
    "explain.heading.version": lambda t: t.says(as_of=t.voice.day(t.truth.as_of_date)),
    # why
    "explain.why.assumed": lambda t: any(part.is_imputed for part in t.criteria()),
    "explain.why.unknown": lambda t: any(part.is_imputed for part in t.criteria()),
    "explain.why.adds_up": lambda t: True,
    "explain.why.difference": lambda t: False,
    "explain.why.value_rounded": lambda t: t.says(score=t.score(t.value.customer_value_score)),
    "explain.why.type": lambda t: t.truth.customer_type.get(t.parent) is not None,
    "explain.why.no_type": lambda t: not t.is_lead and t.truth.customer_type.get(t.parent) is None,
    "explain.why.abc_hides": lambda t: bool(dangers(t, t.parent) - {"5"}) and t.says(abc=t.value.abc_class),
    "explain.zone.distance_above": lambda t: _distance(t, True),
    "explain.zone.distance_below": lambda t: _distance(t, False),
    "explain.zone.distances": lambda t: t.zone.zone != "unrated" and t.zone.raw_zone is not None,
    "explain.zone.nearest": lambda t: t.says(points=t.score(t.truth.sensitivity[t.parent].distance_to_threshold)),
    "explain.zone.observed": lambda t: (
        t.zone.zone_status == "observation"
        and t.zone.raw_zone is not None
        and t.says(raw=t.label("zone", t.zone.raw_zone))
    ),
    "explain.zone.unrated": lambda t: (
        t.zone.zone == "unrated"
        and t.says(**{axis: t.voice.number(scores.coverage_weight) for axis, scores in t.axes() if axis in AXES})
    ),
    "explain.zone.held": lambda t: t.zone.is_hysteresis_hold and t.says(raw=t.label("zone", t.zone.raw_zone)),
    "explain.zone.since": _since,
    "explain.zone.since_before": lambda t: (
        _since(t) and t.zone.previous_zone != t.zone.zone and t.says(before=t.label("zone", t.zone.previous_zone))
    ),
    "explain.zone.override": _override,
    "explain.zone.until": lambda t: t.says(day=t.voice.day(t.zone.override_expires_on)),
    "explain.zone.no_service": lambda t: t.zone.service_zone is None,
    "explain.zone.frozen": lambda t: t.zone.is_treatment_frozen and t.says(zone=t.label("zone", t.zone.service_zone)),
    "explain.zone.service": lambda t: (
        t.zone.service_zone not in (None, t.zone.zone) and t.says(zone=t.label("zone", t.zone.service_zone))
    ),
    # what to do
    "explain.do.observed": lambda t: t.zone.zone_status == "observation",
    "explain.do.overdue": lambda t: t.zone.is_rating_due,
    "explain.do.blocking_text": _blocking,
    "explain.do.next_text": _next_text,
    "explain.do.next_share": lambda t: (
        _next(t) is not None and t.says(share=t.voice.percent(_next(t).sow_capped_ratio))
    ),
    "explain.do.next_white": lambda t: _next(t) is not None and _next(t).is_white_space,
    # how sure
    "explain.sure.observed": lambda t: t.zone.zone_status == "observation",
    "explain.sure.possible": lambda t: (
        len(t.zone.possible_zones) > 1
        and t.says(zones=", ".join(t.label("zone", zone) for zone in t.zone.possible_zones))
    ),
    "explain.sure.axis": _axis,
    "explain.sure.axis_known": _axis_known,
    "explain.sure.low": _low,
    "explain.sure.no_low": lambda t: t.contribution.contribution_4_low is None,
    "explain.sure.stability": _stability,
    "explain.sure.stability_thresholds": lambda t: t.truth.sensitivity[t.parent].weight_stability is None,
    "explain.sure.no_stability": lambda t: (
        (found := t.truth.sensitivity.get(t.parent)) is None or found.threshold_stability is None
    ),
    "explain.sure.payment_items": lambda t: _payment(t, False),
    "explain.sure.payment_few": lambda t: _payment(t, True),
    "explain.sure.payment_none": lambda t: (found := t.truth.payment.get(t.parent)) is not None and found.items == 0,
    "explain.missing.nothing": lambda t: not any(part.is_imputed for part in t.criteria()),
    "explain.missing.nothing_crm": lambda t: not any(part.is_imputed for part in t.criteria()),
    # the card
    "page.card.due": lambda t: t.zone.is_rating_due,
    "page.card.frozen": lambda t: t.zone.is_treatment_frozen and t.says(zone=t.label("zone", t.zone.service_zone)),
    "page.card.hold": lambda t: t.zone.is_hysteresis_hold and t.says(zone=t.label("zone", t.zone.raw_zone)),
    "page.card.key_account": lambda t: t.zone.is_key_account,
    "page.card.override": _override,
    "page.card.possible_zones": lambda t: len(t.zone.possible_zones) > 1,
    # the page
    "page.empty": lambda t: not t.truth.zone or not t.truth.whale_curve,
    "page.tiles.customers_note": _customers_note,
    "page.tiles.revenue_note": lambda t: True,
    "page.tiles.losses_note": _losses_note,
    "page.tiles.gap_note": lambda t: (
        bool(_gaps(t, t.customers)) and t.says(count=t.voice.number(len(_gaps(t, t.customers))))
    ),
    "page.tiles.gap_unknown": lambda t: not _gaps(t, t.customers),
    "page.tiles.leads_note": lambda t: (
        bool(_gaps(t, t.leads)) and t.says(targets=_targets(t), gap=t.money(_sum(t, _gaps(t, t.leads))))
    ),
    "page.tiles.leads_note_plain": lambda t: not _gaps(t, t.leads) and t.says(targets=_targets(t)),
    "page.matrix.held": lambda t: t.says(
        count=t.count(each for each in t.truth.zone.values() if each.is_hysteresis_hold)
    ),
    "page.matrix.nobody": lambda t: not [parent for parent in t.customers if t.truth.zone[parent].zone in PLACED],
    "page.apart.customers": _apart_count,
    "page.apart.one_customer": lambda t: 1 in (len(_apart(t, "unrated")), len(_apart(t, "new_customer"))),
    "page.apart.revenue": _apart_revenue,
    "page.apart.new_note": lambda t: bool(_apart(t, "new_customer")),
    "page.apart.unrated_note": lambda t: bool(_apart(t, "unrated")),
    "page.apart.leads_note": lambda t: bool(t.leads) and t.says(targets=_targets(t)),
    "page.apart.potential": lambda t: t.says(amount=t.money(_sum(t, _gaps(t, t.leads)))),
    "page.whale.peak_note": lambda t: t.says(share=t.voice.percent(t.truth.whale_summary.peak_share)),
    "page.whale.peak_note_plain": lambda t: t.truth.whale_summary.peak_share is None,
    "page.whale.result_note": lambda t: t.says(count=t.count(t.truth.value)),
    "page.whale.tail_note": lambda t: t.says(count=t.voice.number(t.truth.whale_summary.unprofitable_customers)),
    "page.effort.customers": lambda t: bool(t.customers),
    "page.effort.leads": lambda t: t.says(count=t.count(t.leads)),
    "page.effort.none": lambda t: any(row.sales_cost for row in t.truth.contribution.values()),
    "page.effort.no_cost": lambda t: not any(row.sales_cost for row in t.truth.contribution.values()),
    **{f"page.abc.amount_{danger}": partial(_endangered, danger) for danger in "12345"},
    "page.abc.unknown": lambda t: all(row.danger_5_untapped_wallet is None for row in t.truth.value.values()),
    "page.gaps.none": lambda t: not _gaps(t, t.customers),
    "page.top.lead": lambda t: any(row.customer_value_score is not None for row in t.truth.value.values()),
    "page.quality.rated_share": lambda t: t.says(
        count=t.count(parent for parent in t.customers if t.truth.zone[parent].zone in PLACED), of=t.count(t.customers)
    ),
    "page.abc.of": lambda t: t.says(all=t.count(t.customers)),
    "page.gaps.nothing": lambda t: bool(_gaps(t, t.customers)),
    "page.largest.by_contribution": lambda t: all(row.customer_value_score is None for row in t.truth.value.values()),
    "page.largest.by_revenue": lambda t: all(row.customer_value_score is None for row in t.truth.value.values()),
    "page.moves.none": lambda t: not any(row.revenue_yoy for row in t.truth.growth.values()),
    "page.tiles.leads_unknown": lambda t: not t.leads,
    "page.quality.reliability_low": lambda t: _reliability(t, "low"),
    "page.quality.reliability_normal": lambda t: _reliability(t, "normal"),
    "page.quality.reliability_no_contribution": lambda t: all(
        row.customer_contribution is None for row in t.truth.contribution.values()
    ),
    "page.quality.reliability_unknown": lambda t: all(
        not row.logged_capacity_ratio for row in t.truth.contribution.values()
    ),
}

NOT_THE_ORACLES: Final = {
    "potential_check.": "asked of the published rows (tests/pipelines/showing/potential_check), whose figures are compared cell by cell",
    "page.matrix.lead_revenue": "a lead is a lead: a label of the CRM",
    "explain.heading.area": "who owns a customer is a label of the CRM, guarded by group size",
    "explain.heading.blocked": "the day stands in the customer master",
    "explain.heading.insolvent": "the day stands in the customer master",
    "explain.heading.group": "how many ids are booked is counted, not judged",
    "explain.why.old": "the age of single ratings is behind the reasons of the status",
    "explain.why.value_unweighted": "only of versions of an older release",
    "explain.why.share_": "asked of the published rows until the oracle computes the change of the share of wallet",
    "explain.sure.axis_at_least": "asked of the published rows until the oracle computes the lower bound",
    "explain.why.tenure_censored": "asked of the published rows until the oracle computes it",
    "explain.why.repeat": "asked of the published rows until the oracle computes the look-alikes",
    "explain.zone.since_history": "asked of the published rows until the oracle replays",
    "explain.do.unknown_text": "the inputs of an action are compared cell by cell (against_marts)",
    "explain.do.lever_text": "the lever is compared cell by cell (against_marts)",
    "explain.sure.depth": "the depth is compared cell by cell (against_marts)",
    "explain.sure.no_contribution": "the depth is compared cell by cell (against_marts)",
    "explain.sure.imputed": "the imputed cost of goods is compared cell by cell (against_marts)",
    "explain.sure.payment_unknown": "what was delivered, not what it means",
    "explain.missing.since": "the day stands in the estimate",
    "explain.heading.open_month": "what a version was computed for, not what it means",
    "page.facts.": "what a version was computed for, not what it means",
    "run.": "what a version was computed for, not what it means",
    "page.todo.": "the work list is compared cell by cell (against_marts)",
    "todo.": "the work list is compared cell by cell (against_marts)",
    "page.tiles.contribution_note": "a share of two sums, both checked",
    "page.tiles.contribution_known": "the depth is compared cell by cell (against_marts)",
    "page.tiles.contribution_unknown": "the depth is compared cell by cell (against_marts)",
    "page.tiles.losses_unknown": "the depth is compared cell by cell (against_marts)",
    "page.matrix.lead": "the depth is compared cell by cell (against_marts)",
    "page.matrix.lead_plain": "the depth is compared cell by cell (against_marts)",
    "page.tiles.revenue_unknown": "revenue is compared cell by cell (against_marts); whether it was delivered is no number",
    "page.whale.unknown": "the depth is compared cell by cell (against_marts)",
    "page.abc.not_judged": "asked of the published rows: the oracle's dangers are not yet three-valued",
    "page.stopped.": "the status is compared cell by cell (against_marts)",
    "page.read.": "the depth is compared cell by cell (against_marts)",
    "page.unknown.": "what was delivered, not what it means",
    "page.matrix.capped": "a page that draws everybody never says it",
    "page.matrix.capped_leads": "a page that draws everybody never says it",
    "page.ledger.": "the reconciliation is compared cell by cell (against_marts)",
    "page.quality.": "what was delivered, not what it means",
    "control.": "what was delivered and published, not what it means",
}
"""Statements, or beginnings of them, that the oracle does not compute, and why: columns.py asks the published rows."""


def untrue(heard: Iterable[Saying], result: Result, case: Case) -> Iterator[str]:
    """A line for every saying that the oracle's numbers do not allow."""
    by_date: dict[date, AsOf] = {row.as_of_date: row for row in result.as_of}
    for saying in heard:
        condition = condition_of(saying.key)
        if condition is None or saying.as_of_date is None:
            continue
        told = Told(saying, by_date[saying.as_of_date], case)
        is_of_customers = plain_key(saying.key) not in CONDITIONS
        if saying.ultimate_parent_id is None and is_of_customers:
            continue
        if not condition(told):
            yield f"{saying.key} of {saying.ultimate_parent_id} as of {saying.as_of_date}: {dict(saying.facts)}"


def condition_of(key: str) -> Condition | None:
    """The condition of a text; None for words, and for what is not the oracle's."""
    plain = plain_key(key)
    if plain in CONDITIONS:
        return CONDITIONS[plain]
    return None if plain in statements().statements else OF_CODES.get(plain.partition(".")[0])
