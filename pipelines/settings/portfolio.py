"""The company's method: the model of config/portfolio.yml with every rule that can be checked before any data.

Belongs here: what the method's parameters are and when they contradict each other. Not here: the formulas
(dbt_project), the settings tables (pipelines.settings.tables).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from pipelines.contracts.currencies import ACTIVE
from pipelines.errors import did_you_mean
from pipelines.settings import presets
from pipelines.settings.validation import (
    Number,
    RootModel,
    StrictModel,
    Violation,
    has,
    validated,
)
from pipelines.settings.yaml_file import NodePath, read
from pipelines.vocabulary import Voice
from pipelines.vocabulary.measures import MEASURES

Zone = Literal[
    "protection",
    "development",
    "maintain",
    "withdrawal",
    "new_customer",
    "target_lead",
    "nurture_lead",
    "disqualified_lead",
    "never_bought",
    "unrated",
]
AccountGroup = Literal[
    "gross_list_revenue",
    "revenue_deductions",
    "cogs",
    "marketing",
    "field_sales_cost",
    "inside_sales_cost",
    "service_logistics",
]
ACCOUNT_GROUPS: tuple[AccountGroup, ...] = (
    "gross_list_revenue",
    "revenue_deductions",
    "cogs",
    "marketing",
    "field_sales_cost",
    "inside_sales_cost",
    "service_logistics",
)
if TYPE_CHECKING:
    Measure = str
else:
    Measure = Literal[tuple(MEASURES)]

LEVELS = (1, 2, 3, 4, 5)
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")

Whole = Annotated[int, Field(ge=0, le=2**31 - 1)]
Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]
Level = Annotated[int, Field(ge=1, le=5)]
WeightPoints = Annotated[int, Field(ge=1, le=100)]
Score = Annotated[Number, Field(ge=0, le=100, decimal_places=4)]
PositiveScore = Annotated[Number, Field(gt=0, le=100, decimal_places=4)]
Share = Annotated[Number, Field(ge=0, le=1, decimal_places=6)]
Ratio = Annotated[Number, Field(max_digits=18, decimal_places=6)]
Factor = Annotated[Ratio, Field(ge=0)]
Hours = Annotated[Number, Field(ge=0, max_digits=18, decimal_places=4)]
Bound = Annotated[Number, Field(max_digits=38, decimal_places=10)]
Money = Annotated[Number, Field(gt=0, max_digits=18, decimal_places=2)]
Text = Annotated[str, Field(min_length=1)]

ANCHORS: Final[dict[str, Any]] = {"__all__": {"anchors_en": True, "anchors_de": True}}
"""Words of the criteria that raters read and no formula does, to be left out of a dump."""


def _levels_as_numbers(value: object) -> object:
    """YAML keys are text; levels are numbers."""
    if isinstance(value, dict):
        return {
            int(key) if isinstance(key, str) and re.fullmatch(r"[0-9]{1,9}", key) else key: item
            for key, item in value.items()
        }
    return value


class Currency(StrictModel):
    """The currency all money columns are in, and how old an exchange rate may be."""

    reporting: Text = "EUR"
    max_rate_age_days: Whole = 5

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if self.reporting not in ACTIVE:
            near = get_close_matches(self.reporting.upper(), ACTIVE, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else "write the code of ISO 4217, e.g. EUR"
            what = f"reporting: '{self.reporting}' is not a currency of ISO 4217"
            yield Violation("CONFIG_UNKNOWN_VALUE", what, remedy, ("reporting",))


class Criterion(StrictModel):
    """One criterion: where its level 1..5 comes from. `levels` maps a level to its lower bound, inclusive.

    The direction, where none is written, is its measure's (pipelines/vocabulary/measures.yml).
    """

    name_en: Text
    name_de: Text
    method: Literal["breakpoints", "rating", "level"]
    measure: Measure | None = None
    direction: Literal["higher", "lower"] = "higher"
    levels: Annotated[Mapping[int, Bound | None] | None, BeforeValidator(_levels_as_numbers)] = None
    anchors_en: Annotated[Mapping[int, Text], BeforeValidator(_levels_as_numbers)] = {}
    anchors_de: Annotated[Mapping[int, Text], BeforeValidator(_levels_as_numbers)] = {}
    """What a level of a rating looks like, so that two raters mean the same by it; shown in rating sheets, no part of any number."""

    @model_validator(mode="before")
    @classmethod
    def _direction_of_the_measure(cls, value: object) -> object:
        if not isinstance(value, dict) or "direction" in value:
            return value
        measure = MEASURES.get(str(value.get("measure")))
        return value if measure is None else {**value, "direction": measure.direction}

    def anchors(self, language: str) -> Mapping[int, str]:
        """The anchors in a language, in English where it has none."""
        own: Mapping[int, str] = self.anchors_de if language == "de" else {}
        return own or self.anchors_en or self.anchors_de

    def _anchor_violations(self) -> Iterator[Violation]:
        for name, anchors in (("anchors_en", self.anchors_en), ("anchors_de", self.anchors_de)):
            if anchors and self.method != "rating":
                what = f"method {self.method} is rated by nobody: {name} would be shown to nobody"
                yield Violation("CRITERION_METHOD", what, f"remove `{name}`", (name,))
            for level in sorted(set(anchors) - set(LEVELS)):
                what = f"level {level} does not exist"
                yield Violation("BREAKPOINTS_LEVELS", what, "levels are 1 to 5", (name, str(level)))

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        yield from self._anchor_violations()
        if self.method == "breakpoints":
            if self.measure is None or self.measure == "loyalty_level":
                yield Violation(
                    "CRITERION_MEASURE",
                    "method breakpoints needs a measure in business units",
                    "add `measure`",
                    ("measure",),
                )
            if self.levels is None:
                yield Violation(
                    "BREAKPOINTS_LEVELS", "method breakpoints needs `levels`", "add `levels: {1: null, 2: ..., 5: ...}`"
                )
            else:
                yield from _breakpoint_violations(self.levels, self.direction)
            return
        if self.levels is not None:
            yield Violation(
                "CRITERION_METHOD",
                f"method {self.method} has no `levels`",
                "remove `levels`, or use method breakpoints",
                ("levels",),
            )
        if self.method == "rating" and self.measure is not None:
            yield Violation(
                "CRITERION_METHOD", "a rating comes from people, not from a measure", "remove `measure`", ("measure",)
            )
        if self.method == "level" and self.measure != "loyalty_level":
            yield Violation(
                "CRITERION_MEASURE",
                "method level takes a computed level",
                "write `measure: loyalty_level`",
                ("measure",),
            )
        if self.direction == "lower":
            yield Violation(
                "CRITERION_METHOD", f"method {self.method} is better the higher", "remove `direction`", ("direction",)
            )


def _breakpoint_violations(levels: Mapping[int, Decimal | None], direction: str) -> Iterator[Violation]:
    """Levels exactly 1..5, the open one at the unfavourable end, bounds strictly monotone (K03)."""
    for level in sorted(set(levels) - set(LEVELS)):
        yield Violation(
            "BREAKPOINTS_LEVELS", f"level {level} does not exist", "levels are 1 to 5", ("levels", str(level))
        )
    if missing := [str(level) for level in LEVELS if level not in levels]:
        yield Violation(
            "BREAKPOINTS_LEVELS",
            f"level {', '.join(missing)} is missing",
            "give every level 1 to 5 a lower bound",
            ("levels",),
        )
        return
    order = LEVELS if direction == "higher" else LEVELS[::-1]
    for level in order:
        is_open, should_be_open = levels[level] is None, level == order[0]
        if is_open != should_be_open:
            what = f"level {level} has " + (
                "no lower bound" if is_open else f"the lower bound {levels[level]}, so values below it have no level"
            )
            remedy = f"with direction {direction} only level {order[0]} is open below: null there, a number elsewhere"
            yield Violation("BREAKPOINTS_OPEN", what, remedy, ("levels", str(level)))
    for lower, upper in pairwise(order[1:]):
        start, end = levels[lower], levels[upper]
        if start is not None and end is not None and start >= end:
            what = f"level {lower} would be the empty interval from {start} to below {end}"
            remedy = f"with direction {direction} the bound of level {upper} must be greater than that of level {lower}"
            yield Violation("BREAKPOINTS_ORDER", what, remedy, ("levels", str(upper)))


Axis = Mapping[str, WeightPoints]
"""Criterion -> weight in points; 100 in all."""


class CustomerScorecard(StrictModel):
    """The customer's two axes, the second matrix of customer types, and the level of contribution."""

    agreed_on: date | None = None
    """When the company agreed on the two axes; the programme's matrix is not done before."""
    potential: Axis
    attractiveness: Axis
    value_of_customer: Axis
    value_to_customer: Axis
    contribution: Axis


class LeadScorecard(StrictModel):
    """A lead's two axes."""

    potential: Axis
    attractiveness: Axis


class Scorecards(StrictModel):
    """Both scorecards."""

    customer: CustomerScorecard
    lead: LeadScorecard

    def axes(self) -> Iterator[tuple[str, str, Axis]]:
        """(scorecard, axis, weights), in the order of the model."""
        for scorecard in type(self).model_fields:
            model = self.__dict__.get(scorecard)
            for axis, weights in {} if model is None else model.__dict__.items():
                if isinstance(weights, Mapping):
                    yield scorecard, axis, weights


def criteria_allowed(scorecard: str, axis: str) -> tuple[int, int]:
    """The least and the most criteria an axis may have."""
    if axis == "contribution":
        return 1, 1
    return (3, 5) if scorecard == "customer" and axis in ("potential", "attractiveness") else (2, 5)


def _axis_violations(scorecard: str, axis: str, weights: Axis) -> Iterator[Violation]:
    """Weights sum to 100 (K01), the number of criteria is the method's."""
    if (total := sum(weights.values())) != 100:
        added = " + ".join(str(weight) for weight in weights.values())
        what = f"the weights of {scorecard}.{axis} sum to {total}, not to 100 ({added})"
        yield Violation("WEIGHT_SUM", what, "correct the weights; they are never rescaled")
    least, most = criteria_allowed(scorecard, axis)
    if not least <= len(weights) <= most:
        allowed = f"{least} to {most}" if least < most else f"exactly {least}"
        what = f"{scorecard}.{axis} has {len(weights)} criteria, {allowed} are allowed"
        yield Violation("CRITERIA_COUNT", what, "add or remove criteria")


class Zones(StrictModel):
    """When a customer is in which zone, and when nothing is said about them."""

    threshold: Score = Decimal(50)
    hysteresis_band: Score = Decimal(5)
    min_coverage_weight: PositiveScore = Decimal(60)
    """Not 0: nobody would be unrated, and the midpoint would carry customers nobody knows into protection."""
    missing_level: Level = 3
    new_customer_tenure_years_below: Whole = 1
    new_customer_min_invoices: Positive | None = None
    stale_after_days: Positive = 730
    rating_due_after_periods: Positive = 2
    judged_from: date | None = None
    """The month end the zones are replayed from; None: as soon as a whole year is delivered, or after the opening portfolio."""
    max_replayed_months: Positive = 36

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        low, high = self.threshold - self.hysteresis_band, self.threshold + self.hysteresis_band
        if low <= 0 or high >= 100:
            what = f"threshold -/+ band is {low} to {high}, outside 0 to 100: a state could never change again"
            yield Violation("ZONE_THRESHOLD", what, "choose a smaller band", ("hysteresis_band",))
        if self.judged_from is not None and (self.judged_from + timedelta(days=1)).day != 1:
            what = f"judged_from {self.judged_from} is not the last day of a month"
            yield Violation(
                "ZONE_JUDGED_FROM", what, "write the last day of the first month to judge", ("judged_from",)
            )


class ServiceLevel(StrictModel):
    """What a zone gets in a year. No gap = no longest time without contact."""

    visits_per_year: Whole
    hours_per_visit: Hours
    max_contact_gap_days: Positive | None = None
    allocation_elasticity: Factor

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if self.visits_per_year > 0 and self.hours_per_visit == 0:
            what = f"{self.visits_per_year} visits a year of 0 hours each: the plan would need no capacity"
            yield Violation(
                "SERVICE_LEVEL_HOURS", what, "write the hours of a visit, or 0 visits", ("hours_per_visit",)
            )


class ActionText(StrictModel):
    """A recommended action in both languages."""

    en: Text
    de: Text


def _shipped(action: str) -> ActionText:
    """The vocabulary's own words, for a company that has none of its own."""
    return ActionText(en=Voice("en").meaning("action", action), de=Voice("de").meaning("action", action))


def _text(action: str) -> Any:
    return Field(default_factory=lambda: _shipped(action))


class Actions(StrictModel):
    """What is recommended, in the company's own words; where it has none, in the vocabulary's."""

    protection_defend: ActionText = _text("protection_defend")
    care_missing: ActionText = _text("care_missing")
    recover: ActionText = _text("recover")
    reprice: ActionText = _text("reprice")
    rate_first: ActionText = _text("rate_first")
    protection: ActionText = _text("protection")
    development: ActionText = _text("development")
    onboard: ActionText = _text("onboard")
    win_back: ActionText = _text("win_back")
    reduce_effort: ActionText = _text("reduce_effort")
    maintain: ActionText = _text("maintain")
    review: ActionText = _text("review")
    withdrawal_harvest: ActionText = _text("withdrawal_harvest")
    withdrawal: ActionText = _text("withdrawal")
    target_lead: ActionText = _text("target_lead")
    nurture_lead: ActionText = _text("nurture_lead")
    disqualified_lead: ActionText = _text("disqualified_lead")
    decide_or_delete: ActionText = _text("decide_or_delete")
    let_rest: ActionText = _text("let_rest")
    blocked: ActionText = _text("blocked")


def _with_present_names(value: object) -> object:
    """`onboard` was called `observation` in the first release."""
    if isinstance(value, dict) and "observation" in value and "onboard" not in value:
        return {"onboard" if name == "observation" else name: text for name, text in value.items()}
    return value


class PoolPeriod(StrictModel):
    """A pool's yearly cost and practical capacity; both days inclusive, no `valid_to` = until further notice."""

    valid_from: date
    valid_to: date | None = None
    annual_cost: Money
    practical_capacity_hours: Annotated[Hours, Field(gt=0)]


class ResourcePool(StrictModel):
    """A group of people whose hours cost the same, and the account group of the ledger that holds the cost.

    `company_id`: the legal entity in whose ledger it is; not needed where there is one only.
    """

    account_group: Literal["field_sales_cost", "inside_sales_cost"]
    company_id: Text | None = None
    periods: Annotated[tuple[PoolPeriod, ...], Field(min_length=1)]

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        for number, period in enumerate(self.periods):
            if period.valid_to is not None and period.valid_to < period.valid_from:
                what = f"the period ends on {period.valid_to}, before it begins on {period.valid_from}"
                yield Violation("POOL_PERIOD", what, "correct one of the two days", ("periods", number))
        ordered = sorted(enumerate(self.periods), key=lambda item: item[1].valid_from)
        for (_, earlier), (number, later) in pairwise(ordered):
            if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                what = f"from {later.valid_from} on two costs are valid: the earlier ends {earlier.valid_to or 'never'}"
                remedy = f"end the earlier period on {later.valid_from - timedelta(days=1)}"
                yield Violation("POOL_OVERLAP", what, remedy, ("periods", number))
            elif later.valid_from > (begins := earlier.valid_to + timedelta(days=1)):
                ends = later.valid_from - timedelta(days=1)
                what = f"from {begins} to {ends} no cost is valid: activities of those days would cost nothing"
                remedy = f"begin the later period on {begins}, or end the earlier one on {ends}"
                yield Violation("POOL_GAP", what, remedy, ("periods", number))


class ActivityType(StrictModel):
    """Which pool an activity consumes, and how long it takes when nobody wrote it down."""

    pool: str
    standard_minutes: Positive
    is_visit: bool = False


class SalesCost(StrictModel):
    """Which pools stand for field and inside sales, and from what logging on the cost is believed."""

    field_pool: str | None = None
    inside_pool: str | None = None
    min_logged_capacity_ratio: Share = Decimal("0.60")


class Costs(StrictModel):
    """What of the four costs the company does not have: 0.00 then. What is neither delivered nor named here is unknown."""

    cogs: Literal["none"] | None = None
    marketing: Literal["none"] | None = None
    sales: Literal["none"] | None = None
    service_logistics: Literal["none"] | None = None
    max_imputed_revenue_ratio: Share = Decimal("0.05")


class Potential(StrictModel):
    """How estimates of demand are read."""

    default_achievable_share: Share = Decimal(1)
    contradiction_factor: Annotated[Ratio, Field(ge=1)] = Decimal("1.10")
    share_falling_at_or_below: Annotated[Ratio, Field(ge=-1, lt=0)] = Decimal("-0.05")
    """Change of the share of wallet within 12 months; not 0: a share that stands still does not fall."""


class Loyalty(StrictModel):
    """How loyalty is read from orders."""

    tenure_years: Annotated[Mapping[int, Whole], BeforeValidator(_levels_as_numbers)] = {1: 0, 2: 1, 3: 3, 4: 5, 5: 10}
    churn_recency_ratio_above: Annotated[Ratio, Field(gt=0)] = Decimal(2)
    churn_penalty_levels: Annotated[int, Field(ge=0, le=4)] = 1
    lapsed_after_months: Positive = 12
    tenure_censored_within_days: Whole = 90
    repeat_min_n: Positive = 30
    """From how many look-alikes on their share is a probability."""

    repeat_min_gaps: Positive | None = None
    """The name of `repeat_min_n` until the probability was counted from customers and no longer from gaps; still read."""

    @model_validator(mode="before")
    @classmethod
    def _former_name(cls, given: object) -> object:
        if isinstance(given, dict) and "repeat_min_gaps" in given and "repeat_min_n" not in given:
            return {("repeat_min_n" if name == "repeat_min_gaps" else name): value for name, value in given.items()}
        return given

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if self.repeat_min_gaps is not None:
            yield Violation(
                "RENAMED_SETTING",
                "repeat_min_gaps is the former name of repeat_min_n, and both are given",
                "keep repeat_min_n and delete repeat_min_gaps",
                ("repeat_min_gaps",),
            )
        if set(self.tenure_years) != set(LEVELS):
            yield Violation(
                "TENURE_LEVELS",
                "tenure_years needs exactly the levels 1 to 5",
                "write {1: 0, 2: 1, 3: 3, 4: 5, 5: 10}",
                ("tenure_years",),
            )
            return
        if self.tenure_years[1] != 0:
            yield Violation(
                "TENURE_LEVELS",
                f"level 1 begins at {self.tenure_years[1]} years, so younger customers have no level",
                "write 0",
                ("tenure_years", "1"),
            )
        for lower, upper in pairwise(LEVELS):
            if self.tenure_years[lower] >= self.tenure_years[upper]:
                start, end = self.tenure_years[lower], self.tenure_years[upper]
                what = f"level {lower} would be the empty interval from {start} to below {end} years"
                yield Violation(
                    "TENURE_LEVELS", what, "let the years rise with the level", ("tenure_years", str(upper))
                )


class PaymentAndGrowth(StrictModel):
    """Limits for warnings from payment, credit and growth."""

    low_payment_items_below: Positive = 3
    weak_credit_index_from: Annotated[int, Field(ge=100, le=600)] = 300
    decline_cagr_below: Annotated[Ratio, Field(ge=-1, le=0)] = Decimal("-0.05")


class ValueWeights(StrictModel):
    """Shares of the customer value score; 1 in all."""

    contribution: Share = Decimal("0.4")
    potential: Share = Decimal("0.3")
    attractiveness: Share = Decimal("0.3")


class CustomerValue(StrictModel):
    """The one number for the ranking, and its contrasts."""

    weights: ValueWeights = ValueWeights()
    abc_a_share: Share = Decimal("0.80")
    abc_b_share: Share = Decimal("0.90")
    type_threshold: PositiveScore = Decimal(50)

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if (total := self.weights.contribution + self.weights.potential + self.weights.attractiveness) != 1:
            yield Violation(
                "VALUE_WEIGHT_SUM",
                f"the value weights sum to {total}, not to 1",
                "correct them; they are never rescaled",
                ("weights",),
            )
        if not 0 < self.abc_a_share < self.abc_b_share:
            what = f"class B would be the empty interval from {self.abc_a_share} to {self.abc_b_share}"
            yield Violation("ABC_CUTOFFS", what, "let 0 < abc_a_share < abc_b_share <= 1", ("abc_b_share",))


class SmallCustomers(StrictModel):
    """What standard care costs and what must be left of it: gives the revenue below which a customer is small."""

    standard_visits: Whole = 4
    hours_per_visit: Hours = Decimal(2)
    inside_hours: Hours = Decimal(6)
    target_contribution_3_ratio: Annotated[Ratio, Field(ge=-1, lt=1)] = Decimal("0.10")

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if self.standard_visits * self.hours_per_visit + self.inside_hours == 0:
            what = "standard care costs no hour, so no customer could be small"
            remedy = "write standard_visits and hours_per_visit, or inside_hours"
            yield Violation("SMALL_CUSTOMER_CARE", what, remedy)


class Sensitivity(StrictModel):
    """How far the method is shaken to see whether a zone holds."""

    thresholds: Annotated[tuple[PositiveScore, ...], Field(min_length=1)] = (Decimal(45), Decimal(50), Decimal(55))
    weight_shift_points: Annotated[int, Field(ge=1, le=99)] = 10

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        if any(lower >= upper for lower, upper in pairwise(self.thresholds)):
            what = f"the thresholds {', '.join(str(threshold) for threshold in self.thresholds)} do not rise"
            yield Violation("SENSITIVITY_THRESHOLDS", what, "write each once, the smallest first", ("thresholds",))


class InputQuality(StrictModel):
    """Limits for warnings about what sales enters. What is not written here keeps its default."""

    backdated_after_days: Whole = 14
    period_closes_after_days: Whole = 10
    rep_day_max_hours: Annotated[Hours, Field(gt=0, le=24)] = Decimal(12)
    team_week_min_reps: Annotated[int, Field(ge=3, le=2**31 - 1)] = 3
    """Of a smaller team a week without entries would tell about single people."""

    demand_change_above: Annotated[Ratio, Field(gt=0)] = Decimal("0.5")
    rating_cutoff_days: Whole = 7
    rating_backdated_after_days: Whole = 30
    straight_lining_min_ratings: Annotated[int, Field(ge=2, le=2**31 - 1)] = 5
    heaping_share_above: Share = Decimal("0.8")
    heaping_min_entries: Positive = 20
    batch_min_entries: Annotated[int, Field(ge=2, le=2**31 - 1)] = 10
    batch_within_minutes: Positive = 10
    batch_min_days: Positive = 5
    rater_bias_min_ratings: Positive = 10


class Handover(StrictModel):
    """How early the customers of a leaving representative are put on the hand-over list and the work list."""

    notice_days: Whole = 30


class Worklist(StrictModel):
    """When a task is due, counted from the as-of date, and how far back some of them look."""

    hand_over_within_days: Whole = 7
    defend_within_days: Whole = 14
    visit_within_days: Whole = 30
    visit_soon_within_days: Whole = 14
    visit_soon_after_gaps: Positive = 2
    recover_within_days: Whole = 30
    win_back_within_days: Whole = 30
    win_back_months: Positive = 36
    win_within_days: Whole = 30
    reprice_within_days: Whole = 60
    rate_within_days: Whole = 30
    onboard_after_days: Whole = 90
    onboard_at_least_days: Whole = 14
    settle_within_days: Whole = 30


LEAST_GROUP_SIZE = 3
"""No setting goes below it: of two people each would learn what the other did."""


class Privacy(StrictModel):
    """What is shown of the people behind the sales input. Decides who sees what, never a number of a customer.

    More than nothing needs what a works council asks for: what was agreed, what it is for, until when it holds. After that day nothing is
    shown, whatever `sales_input_detail` says.
    """

    sales_input_detail: Literal["off", "team", "pseudonym"] = "off"
    agreement: Annotated[str, Field(min_length=1)] | None = None
    """What allows it, so that somebody finds it. Example: "works agreement 2026-04, signed 12 March 2026"."""
    purpose: Annotated[str, Field(min_length=1)] | None = None
    """What it is looked at for. Example: "planning the capacity of the teams"."""
    expires_on: date | None = None
    """The last day it is shown. Example: 2027-03-31."""
    min_group_size: Whole = 8
    max_share: Share = Decimal("0.5")

    def violations(self) -> Iterator[Violation]:
        """Broken rules within the block."""
        missing = [name for name in ("agreement", "purpose", "expires_on") if getattr(self, name) is None]
        if self.sales_input_detail != "off" and missing:
            what = f"{self.sales_input_detail} shows what people do, and {', '.join(missing)} is not given"
            remedy = (
                'write what was agreed with the works council, what for, and until when; or sales_input_detail: "off"'
            )
            yield Violation("PRIVACY_AGREEMENT", what, remedy, ("sales_input_detail",))
        if self.min_group_size < LEAST_GROUP_SIZE:
            what = f"groups of {self.min_group_size} would be shown: in so small a group people recognise each other"
            remedy = f"write {LEAST_GROUP_SIZE} or more; agree on the number with the works council"
            yield Violation("PRIVACY_GROUP_SIZE", what, remedy, ("min_group_size",))
        if not 0 < self.max_share < 1:
            what = f"max_share {self.max_share} would {'hide every' if self.max_share == 0 else 'never hide a'} group"
            yield Violation("PRIVACY_MAX_SHARE", what, "write a share between 0 and 1, e.g. 0.5", ("max_share",))

    def is_expired(self, today: date) -> bool:
        """Whether something would be shown that may no longer be."""
        return self.sales_input_detail != "off" and self.expires_on is not None and self.expires_on < today


class History(StrictModel):
    """How far back a version shows the portfolio. What is shown changes no number (METHOD 1.8)."""

    shown_months: Positive = 13


class Campaigns(StrictModel):
    """How many campaigns a year, when a step of the programme is done, and how many customers a comparison needs."""

    min_members_per_arm: Positive = 10
    programmes_per_year: Positive = 4
    step_done_share: Share = Decimal("0.80")
    claims_min_group_size: Annotated[int, Field(ge=2, le=2**31 - 1)] = 10
    small_sample_below: Positive = 30


@cache
def _preset_criteria() -> Mapping[str, Criterion]:
    return TypeAdapter(dict[str, Criterion]).validate_python(presets.preset(presets.DEFAULT).criteria)


@cache
def _preset_scorecards() -> Scorecards:
    return Scorecards.model_validate(presets.preset(presets.DEFAULT).scorecards)


class Portfolio(RootModel):
    """config/portfolio.yml, valid. What the file leaves out has a default: the criteria and scorecards that invoices alone can answer
    (presets.yml), and no cost, no pool, no service level at all, for these are a company's own."""

    version: Literal[1]
    currency: Currency = Currency()
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 1
    """The month (1..12) the company's fiscal year begins with, e.g. 7 for July; the year is named after the calendar year it ends in, so
    with 7 the year 2025 runs from July 2024 to June 2025. revenue_history names its years by it. The ledger's years are calendar years."""
    criteria: Mapping[str, Criterion] = Field(default_factory=_preset_criteria)
    scorecards: Scorecards = Field(default_factory=_preset_scorecards)
    zones: Zones = Zones()
    service_levels: Mapping[Zone, ServiceLevel] = {}
    actions: Annotated[Actions, BeforeValidator(_with_present_names)] = Field(default_factory=Actions)
    resource_pools: Mapping[str, ResourcePool] = {}
    activity_types: Mapping[str, ActivityType] = {}
    sales_cost: SalesCost = SalesCost()
    costs: Costs = Costs()
    potential: Potential = Potential()
    loyalty: Loyalty = Loyalty()
    payment_and_growth: PaymentAndGrowth = PaymentAndGrowth()
    customer_value: CustomerValue = CustomerValue()
    small_customers: SmallCustomers = SmallCustomers()
    sensitivity: Sensitivity = Sensitivity()
    input_quality: InputQuality = InputQuality()
    handover: Handover = Handover()
    worklist: Worklist = Worklist()
    privacy: Privacy = Privacy()
    campaigns: Campaigns = Campaigns()
    history: History = History()
    ledger_groups: Mapping[str, Annotated[tuple[AccountGroup, ...], Field(min_length=1)]] = {
        group: (group,) for group in ACCOUNT_GROUPS
    }
    """A group of the company's ledger -> the account groups it holds."""

    @property
    def method_version(self) -> str:
        """12 hex: changes if and only if a value of the method changes; comments, order and spelling do not matter.

        `privacy`, `history` and the anchors of ratings are no part of it: they say who sees what, and leave every number as it is.
        """
        method = self.model_dump(exclude={"privacy": True, "history": True, "criteria": ANCHORS})
        canonical = json.dumps(_canonical(method), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    def references(self, written: Mapping[str, frozenset[str]], context: object) -> Iterator[Violation]:
        """Broken rules between sections."""
        yield from _name_violations(written)
        if has(self, "scorecards", "criteria"):
            for scorecard, axis, weights in self.scorecards.axes():
                for violation in (
                    *_axis_violations(scorecard, axis, weights),
                    *self._criterion_violations(
                        scorecard, axis, weights, written.get("criteria", frozenset(self.criteria))
                    ),
                ):
                    path = ("scorecards", scorecard, axis, *violation.at)
                    yield Violation(violation.code, violation.what, violation.remedy, path)
        if "resource_pools" in written or has(self, "resource_pools"):
            yield from self._pool_violations(written.get("resource_pools", frozenset()))
        if has(self, "zones", "sensitivity"):
            yield from _grid_violations(self.zones, self.sensitivity)
        if has(self, "scorecards", "sensitivity"):
            yield from _shift_violations(self.scorecards, self.sensitivity)
        if has(self, "service_levels", "activity_types"):
            yield from _visit_violations(self.service_levels, self.activity_types)
        if has(self, "ledger_groups"):
            yield from _ledger_violations(self.ledger_groups)

    def _criterion_violations(
        self, scorecard: str, axis: str, weights: Axis, known: frozenset[str]
    ) -> Iterator[Violation]:
        for name in weights:
            criterion = self.criteria.get(name)
            if name not in known:
                what = f"the criterion '{name}' is not under `criteria`"
                yield Violation("CRITERION_UNKNOWN", what, did_you_mean(name, known), (name,))
            elif criterion is None or not has(criterion, "measure"):
                continue
            elif axis == "contribution" and criterion.measure not in _CONTRIBUTION:
                what = "the axis contribution is the level of customer_contribution"
                remedy = "use a criterion with method breakpoints, measure customer_contribution"
                yield Violation("CRITERION_MEASURE", what, remedy, (name,))
            elif axis in ("potential", "attractiveness") and criterion.measure in _CONTRIBUTION:
                what = f"{scorecard}.{axis} must not contain {criterion.measure}: it is the third measure, shown beside the axes"
                remedy = "use another criterion; contribution has its place under `contribution` and in customer_value"
                yield Violation("CRITERION_MEASURE", what, remedy, (name,))
            elif scorecard == "lead" and criterion.measure is not None and not MEASURES[criterion.measure].of_leads:
                what = f"{criterion.measure} is never known of a lead, so '{name}' would always be missing"
                of_leads = sorted(name for name, measure in MEASURES.items() if measure.of_leads)
                remedy = "use a rating, or one of: " + ", ".join(of_leads)
                yield Violation("CRITERION_MEASURE", what, remedy, (name,))

    def _pool_violations(self, known: frozenset[str]) -> Iterator[Violation]:
        used: list[tuple[str, NodePath]] = []
        for name, kind in self.activity_types.items() if has(self, "activity_types") else ():
            if has(kind, "pool"):
                used.append((kind.pool, ("activity_types", name, "pool")))
        if has(self, "sales_cost"):
            roles = self.sales_cost.__dict__
            named = [role for role in ("field_pool", "inside_pool") if roles.get(role) is not None]
            used += [(roles[role], ("sales_cost", role)) for role in named]
        for pool, path in used:
            if pool not in known:
                what = f"the pool '{pool}' is not under `resource_pools`"
                yield Violation("POOL_UNKNOWN", what, did_you_mean(pool, known), path)
        for pool, path in used:
            needed = _ROLES.get(str(path[-1]))
            found = self.resource_pools.get(pool) if has(self, "resource_pools") else None
            if (
                needed is not None
                and found is not None
                and has(found, "account_group")
                and found.account_group != needed
            ):
                what = f"the pool '{pool}' is booked in {found.account_group}; {path[-1]} needs one booked in {needed}"
                fitting = [name for name, each in self.resource_pools.items() if has(each, "account_group")]
                fitting = [name for name in fitting if self.resource_pools[name].account_group == needed]
                remedy = f"use one of: {', '.join(sorted(fitting))}" if fitting else f"add a pool booked in {needed}"
                yield Violation("POOL_ROLE", what, remedy, path)


def _name_violations(written: Mapping[str, frozenset[str]]) -> Iterator[Violation]:
    for section in ("criteria", "resource_pools", "activity_types"):
        for name in sorted(written.get(section, ())):
            if not _IDENTIFIER.fullmatch(name):
                remedy = "use a-z, 0-9 and _, beginning with a letter"
                yield Violation("CONFIG_NAME", f"'{name}' is not a name", remedy, (section, name))


_CONTRIBUTION = ("contribution_4", "customer_contribution")
"""The names of the third measure."""

_ROLES: Mapping[str, AccountGroup] = {"field_pool": "field_sales_cost", "inside_pool": "inside_sales_cost"}
"""The pool of a role -> the account group its hours are booked in."""


def _grid_violations(zones: Zones, sensitivity: Sensitivity) -> Iterator[Violation]:
    if not (has(zones, "threshold") and has(sensitivity, "thresholds")):
        return
    low, high = min(sensitivity.thresholds), max(sensitivity.thresholds)
    if not low <= zones.threshold <= high:
        what = f"the grid from {low} to {high} leaves out the threshold {zones.threshold} the zones use"
        remedy = "let the grid lie around zones.threshold, e.g. threshold - 5, threshold, threshold + 5"
        yield Violation("SENSITIVITY_THRESHOLDS", what, remedy, ("sensitivity", "thresholds"))


def _shift_violations(scorecards: Scorecards, sensitivity: Sensitivity) -> Iterator[Violation]:
    if not has(sensitivity, "weight_shift_points"):
        return
    axes = [
        axis for card, name, axis in scorecards.axes() if card == "customer" and name in ("potential", "attractiveness")
    ]
    heaviest = max((weight for axis in axes for weight in axis.values()), default=None)
    if heaviest is not None and heaviest < sensitivity.weight_shift_points:
        what = (
            f"no criterion of the customer's axes weighs {sensitivity.weight_shift_points} points (at most {heaviest})"
        )
        remedy = f"write {heaviest} or less: points are only taken from who has them"
        yield Violation("SENSITIVITY_SHIFT", what, remedy, ("sensitivity", "weight_shift_points"))


def _visit_violations(
    levels: Mapping[Zone, ServiceLevel], activity_types: Mapping[str, ActivityType]
) -> Iterator[Violation]:
    """Planned visits need a type of activity that is one, else every plan would be missed for ever."""
    if not activity_types or any(not has(kind, "is_visit") or kind.is_visit for kind in activity_types.values()):
        return
    planned = [zone for zone, level in levels.items() if has(level, "visits_per_year") and level.visits_per_year > 0]
    if planned:
        what = f"visits are planned ({', '.join(sorted(planned))}), but no activity type is a visit"
        yield Violation("VISIT_TYPE", what, "write `is_visit: true` at the type that is one", ("activity_types",))


def _ledger_violations(ledger_groups: Mapping[str, tuple[AccountGroup, ...]]) -> Iterator[Violation]:
    first: dict[str, str] = {}
    for ledger_group, account_groups in ledger_groups.items():
        for number, group in enumerate(account_groups):
            if group in first:
                what = f"{group} stands in '{first[group]}' and in '{ledger_group}': it would be reconciled twice"
                path = ("ledger_groups", ledger_group, number)
                yield Violation("LEDGER_GROUP_TWICE", what, "keep it in one ledger group", path)
            first.setdefault(group, ledger_group)
    if missing := [group for group in ACCOUNT_GROUPS if group not in first]:
        what = f"{', '.join(missing)}: in no ledger group, so these amounts would be missing from the reconciliation"
        remedy = "add each to the ledger group that holds it; one the ledger never delivers is shown as not available"
        yield Violation("LEDGER_GROUP_MISSING", what, remedy, ("ledger_groups",))


def _canonical(value: object) -> object:
    """JSON of a setting by value: 0.50 is 0.5 is 0.5000; every list of the method is a set."""
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return sorted((_canonical(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return value.isoformat() if isinstance(value, date) else value


def read_portfolio(path: Path) -> Portfolio:
    """The method in the file at `path`. Raises ConfigError with every problem at once, each with file:line."""
    return validated(read(path), Portfolio)
