"""The customer sheet as HTML. Belongs here: which figure stands where, under which name, and the template (bi/sheets) filled.

Not here: queries (read), lengths of bars (charts), what is said why (explain.telling). The sheet reaches for nothing: no script, no
font, no picture from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from pipelines import durable
from pipelines.showing import offline
from pipelines.showing.areas import area
from pipelines.showing.explain.model import Axis, Criterion
from pipelines.showing.explain.telling import Telling, capital, places_of
from pipelines.showing.sheets.customer import charts
from pipelines.showing.sheets.customer.model import CustomerSheet
from pipelines.showing.worklist import words as worklist
from pipelines.showing.worklist.model import Task
from pipelines.vocabulary import Voice
from pipelines.vocabulary.formats import decimals_of, web_locale

TEMPLATES: Final = Path(__file__).resolve().parents[4] / "bi" / "sheets"

JUDGED: Final = ("potential", "attractiveness", "contribution")
"""Axes whose points are shown, in their order; what else is scored is told in a sentence."""

DENSE_FROM: Final = 6_500
"""Characters from which on a sheet is set smaller, so that it stays on two pages; the fullest one of the demo has 5,724."""

Fact = tuple[str, str | None]
"""A name and a figure; None is said to be unknown."""


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion as it is shown: `lost` is what it lacks to its full weight."""

    name: str
    level: str | None
    remark: str
    points: str
    lost: str
    change: str
    filled: Decimal
    is_assumed: bool


def write_sheet(sheet: CustomerSheet, voice: Voice, target: Path) -> Path:
    """Write the sheet in a language to `target` (0600, atomically) and return `target`. No clock is read."""
    durable.write_text(target, document(sheet, voice))
    return target


def document(sheet: CustomerSheet, voice: Voice) -> str:
    """The sheet as one HTML document."""
    style = Markup((TEMPLATES / "customer.css").read_text(encoding="utf-8"))  # noqa: S704 - a file of this project
    whole = _environment(voice).get_template("customer.html.j2")
    return whole.render(who=sheet.explanation.who, body=body(sheet, voice), style=style)


def body(sheet: CustomerSheet, voice: Voice) -> Markup:
    """The sheet as one element, for a page that has its own head; its look is bi/sheets/customer.css."""
    view = _View(sheet, _speaking(sheet, voice))
    template = _environment(view.voice).get_template("customer_body.html.j2")
    usual = Markup(template.render(view=view, is_dense=False))  # noqa: S704 - escaped by the template
    if len(usual.striptags()) <= DENSE_FROM:
        return usual
    return Markup(template.render(view=view, is_dense=True))  # noqa: S704


def _speaking(sheet: CustomerSheet, voice: Voice) -> Voice:
    return voice.of(sheet.explanation.who.ultimate_parent_id, sheet.explanation.as_of_date)


def _environment(voice: Voice) -> Environment:
    environment = offline.environment(TEMPLATES)
    environment.globals.update(say=voice.say, label=voice.label, locale=web_locale(voice.language))
    return environment


class _View:
    """What the template asks for, in one language."""

    def __init__(self, sheet: CustomerSheet, voice: Voice) -> None:
        self.sheet = sheet
        self.facts = sheet.explanation
        self.voice = voice
        self.told = Telling(sheet.explanation, voice)

    @property
    def is_lead(self) -> bool:
        return self.facts.who.relationship_type == "lead"

    @property
    def described(self) -> str:
        return " · ".join(self.told.described())

    @property
    def place(self) -> str:
        override = self.told.override()
        return self.told.place() + (f" · {override}" if override else "")

    @property
    def trouble(self) -> str:
        return capital(", ".join(self.told.trouble()))

    def amount(self, value: Decimal | None) -> str | None:
        """An amount in the currency the sheet names once."""
        return None if value is None else self.voice.number(value)

    # --- what to do ---------------------------------------------------------------------------------------------------

    @property
    def tasks(self) -> Iterator[dict[str, str]]:
        """What is due, each with its day, its money and what happened."""
        for task in self.sheet.tasks:
            step = self.voice.label("next_step", task.next_step)
            yield {
                "task": self.voice.label("task", task.task),
                "due": self.voice.day(task.due_on),
                "money": self.voice.money(task.money, task.reporting_currency),
                "kind": self.voice.label("money_kind", task.money_kind),
                "text": f"{worklist.happened(task, self.voice, self._blocking(task))} {self.voice.say('todo.step', step=step)}",
            }

    def _blocking(self, task: Task) -> str:
        return self.told.criterion_name(task.happened_criterion_id) if task.happened_criterion_id else ""

    # --- money --------------------------------------------------------------------------------------------------------

    @cached_property
    def steps(self) -> tuple[charts.Step, ...]:
        return charts.waterfall(self.facts.contribution)

    @cached_property
    def months(self) -> charts.Columns:
        return charts.columns(self.sheet.months)

    @property
    def has_visits(self) -> bool:
        """Whether anybody logs visits: where nobody does a month without one is not known to be one."""
        return any(month.visits for month in self.sheet.months)

    def month(self, column: charts.Column) -> str:
        return self.voice.month(column.month_start.isoformat()[: len("2026-09")])

    @property
    def contribution_name(self) -> str:
        """What the dark bars are; empty where no contribution is known."""
        depth = self.sheet.months_depth
        return self.voice.label("amount", f"contribution_{depth}") if depth else ""

    @property
    def figures(self) -> list[Fact]:
        return list(self.told.figures())

    # --- score --------------------------------------------------------------------------------------------------------

    @property
    def axes(self) -> list[Axis]:
        return [axis for axis in self.facts.axes if axis.axis in JUDGED]

    def score(self, axis: Axis) -> str:
        """With as many decimals as its parts, which add up to it."""
        return self.voice.number(axis.score, places_of(axis))

    def change(self, axis: Axis) -> str:
        return self._change(self.sheet.change_of(axis))

    def filled(self, axis: Axis) -> Decimal:
        return charts.share(axis.score or Decimal(0), 100)

    def parts(self, axis: Axis) -> Iterator[Part]:
        """The criteria of an axis, the largest loss first."""
        places = places_of(axis)
        for part in sorted(axis.criteria, key=lambda each: (each.points - each.weight_points, each.criterion_id)):
            moved = self.sheet.changes.get((part.axis, part.criterion_id))
            points = self.voice.number(part.points, places)
            yield Part(
                name=self.told.name(part),
                level=None if part.level is None else self.voice.number(part.level, decimals_of(part.level, 1)),
                remark=self._remark(part),
                points=self.voice.say("explain.why.of", points=points, weight=part.weight_points),
                lost=self.voice.number(min(Decimal(0), part.points - part.weight_points), places),
                change=self._change(moved.change_points if moved else None),
                filled=charts.share(part.points, part.weight_points),
                is_assumed=part.is_imputed,
            )

    def _remark(self, part: Criterion) -> str:
        if part.is_rating_stale and not part.is_imputed:
            return self.voice.say("explain.why.old")
        if part.is_imputed or part.raw_value is None or part.method != "breakpoints":
            return ""
        return self.told.measured(part.measure or part.criterion_id, part.raw_value)

    def _change(self, points: Decimal | None) -> str:
        """With its sign; a dash where there is nothing to compare with."""
        sign = "+" if points is not None and points > 0 else ""
        return sign + self.voice.number(points, decimals_of(points))

    @property
    def contrasts(self) -> list[str]:
        return [*self.told.zone_sentences(), *self.told.contrasts()]

    # --- the five areas -----------------------------------------------------------------------------------------------

    @property
    def areas(self) -> Iterator[tuple[str, list[Fact]]]:
        """The five areas of the customer description, and what is said of the description itself."""
        say = self.voice.say
        yield say("customer_sheet.area.company"), list(self._company())
        yield say("customer_sheet.area.buying_centre"), list(self._buying_centre())
        yield say("customer_sheet.area.fascination"), list(self._fascination())
        yield say("customer_sheet.area.demand"), list(self._demand())
        if not self.is_lead:
            yield say("customer_sheet.area.finance"), list(self._finance())
        yield say("customer_sheet.area.exchange"), list(self._exchange())

    def _company(self) -> Iterator[Fact]:
        say, profile = self.voice.say, self.sheet.profile
        yield say("customer_sheet.field.industry_code"), profile.industry_code
        yield say("customer_sheet.field.legal_form"), profile.legal_form
        place = ", ".join(each for each in (profile.region, profile.country_code) if each)
        yield say("customer_sheet.field.region"), place or None
        yield say("customer_sheet.field.owner_area"), area(profile.owner_area).by(self.voice) or None
        if not self.is_lead:
            yield say("customer_sheet.field.customer_since"), self._day(profile.customer_since)
            yield say("customer_sheet.field.entity_count"), self._count(profile.entity_count)
        yield say("customer_sheet.field.is_wish_customer"), self._yes(profile.is_wish_customer)
        yield say("customer_sheet.field.referrals"), self._count(profile.referrals)
        yield say("customer_sheet.field.has_co_development"), self._yes(profile.has_co_development)
        yield say("customer_sheet.field.has_co_marketing"), self._yes(profile.has_co_marketing)

    def _buying_centre(self) -> Iterator[Fact]:
        say, profile = self.voice.say, self.sheet.profile
        yield say("customer_sheet.field.contact_count"), self._count(profile.contact_count)
        for role in self.sheet.roles:
            count = self._count(role.contact_count)
            if role.contact_count and role.max_access_level is not None:
                count = say(
                    "customer_sheet.field.with_access", count=count, level=self.voice.number(role.max_access_level)
                )
            yield capital(self.voice.label("buying_role", role.buying_role)), count
        yield say("customer_sheet.field.role_coverage_ratio"), self._percent(profile.role_coverage_ratio)
        yield say("customer_sheet.field.external_contacts"), self._count(profile.external_contacts)

    def _fascination(self) -> Iterator[Fact]:
        say, profile = self.voice.say, self.sheet.profile
        yield say("customer_sheet.field.offerings_rated"), self._count(profile.offerings_rated)
        if profile.offerings_rated:
            for level in ("basic", "differentiating", "delighting", "fascinating"):
                share: Decimal | None = getattr(profile, f"{level}_share_ratio")
                yield capital(self.voice.label("offering_level", level)), self._percent(share)
            yield capital(self.voice.label("parity", "better")), self._percent(profile.parity_better_ratio)
            yield capital(self.voice.label("parity", "worse")), self._percent(profile.parity_worse_ratio)
            yield say("customer_sheet.field.offering_gaps"), self._count(profile.offering_gaps)
        yield say("customer_sheet.field.customer_rating_level"), self._level(profile.customer_rating_level)
        yield say("customer_sheet.field.staff_rating_level"), self._level(profile.staff_rating_level)

    def _demand(self) -> Iterator[Fact]:
        say, profile, label = self.voice.say, self.sheet.profile, self.voice.label
        yield label("demand_stage", "need"), self.amount(profile.annual_need)
        yield label("demand_stage", "demand"), self.amount(profile.annual_wish)
        yield say("explain.fact.demand"), self.amount(profile.annual_demand)
        yield label("demand_stage", "potential"), self.amount(profile.potential_revenue)
        yield label("demand_stage", "revenue"), self.amount(self.facts.contribution.net_revenue)
        if profile.potential_revenue is not None:
            # Without revenue it is no ratio, which is not the same as unknown.
            yield say("customer_sheet.field.exploitation_ratio"), self.voice.percent(profile.exploitation_ratio)
        yield say("customer_sheet.field.penetration_ratio"), self._percent(profile.penetration_ratio)

    def _finance(self) -> Iterator[Fact]:
        say, profile = self.voice.say, self.sheet.profile
        yield say("explain.fact.margin"), self._percent(self.facts.contribution.margin_ratio)
        yield say("customer_sheet.field.profitable_months"), self._count(profile.profitable_months)
        yield say("customer_sheet.field.price_realisation_ratio"), self._percent(profile.price_realisation_ratio)
        yield say("customer_sheet.field.credit_index"), self._count(profile.credit_index)
        yield say("customer_sheet.field.payment_terms_days"), self._days(profile.payment_terms_days)
        late = profile.weighted_days_beyond_terms
        yield (
            say("customer_sheet.field.weighted_days_beyond_terms"),
            None if late is None else self.voice.duration(late, "day", 1),
        )

    def _exchange(self) -> Iterator[Fact]:
        say, profile = self.voice.say, self.sheet.profile
        yield (
            say("customer_sheet.field.profile_completeness_ratio"),
            self._percent(profile.profile_completeness_ratio),
        )
        yield (
            say("customer_sheet.field.exchange_completeness_ratio"),
            self._percent(profile.exchange_completeness_ratio),
        )
        yield say("customer_sheet.field.oldest_field_age_days"), self._days(profile.oldest_field_age_days)
        yield say("customer_sheet.field.individual_treatments"), self._count(profile.individual_treatments)

    # --- care ---------------------------------------------------------------------------------------------------------

    @property
    def care(self) -> Iterator[Fact]:
        """Visits planned and done, the last contact, hours."""
        say, care = self.voice.say, self.sheet.care
        yield say("customer_sheet.field.planned_visits"), self._count(care.planned_visits)
        yield say("customer_sheet.field.actual_visits"), self._count(care.actual_visits)
        if care.is_never_contacted:
            yield say("explain.fact.last_contact"), say("customer_sheet.field.never")
        else:
            yield say("explain.fact.last_contact"), self._day(care.last_contact_date)
            yield say("customer_sheet.field.days_since_last_contact"), self._days(care.days_since_last_contact)
        if care.max_contact_gap_days is not None:
            yield say("customer_sheet.field.max_contact_gap_days"), self._days(care.max_contact_gap_days)
        hours = [care.field_hours, care.inside_hours] if care.actual_visits is not None else [None, None]
        yield say("customer_sheet.field.field_hours"), self._hours(hours[0])
        yield say("customer_sheet.field.inside_hours"), self._hours(hours[1])
        yield say("customer_sheet.field.care_cost"), self.amount(care.care_cost)
        yield say("customer_sheet.field.avoidable_cost"), self.amount(care.avoidable_cost)

    # --- share of wallet ----------------------------------------------------------------------------------------------

    @property
    def shows_gaps(self) -> bool:
        return self.told.is_to_be_sold_to()

    def percent(self, ratio: Decimal | None) -> str | None:
        return self._percent(ratio)

    def signed(self, ratio: Decimal | None) -> str | None:
        return None if ratio is None else self.told.signed(ratio)

    def share(self, ratio: Decimal) -> Decimal:
        return charts.share(ratio, 1)

    # --- forms --------------------------------------------------------------------------------------------------------

    def _percent(self, ratio: Decimal | None) -> str | None:
        return None if ratio is None else self.voice.percent(ratio)

    def _count(self, count: int | None) -> str | None:
        return None if count is None else self.voice.number(count)

    def _level(self, level: Decimal | None) -> str | None:
        return None if level is None else self.voice.number(level, 1)

    def _hours(self, hours: Decimal | None) -> str | None:
        return None if hours is None else self.voice.number(hours, 1)

    def _days(self, days: int | None) -> str | None:
        return None if days is None else self.voice.duration(days, "day")

    def _day(self, day: date | None) -> str | None:
        return None if day is None else self.voice.day(day)

    def _yes(self, is_so: bool | None) -> str | None:
        return (
            None
            if is_so is None
            else self.voice.say("customer_sheet.field.is_so" if is_so else "customer_sheet.field.is_not")
        )
