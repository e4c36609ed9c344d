"""An explanation as one page for a terminal. Belongs here: layout, which sentence is said when. Not here: reading (read), words.

Words stand in the vocabulary, under `explain.` and under their codes.

All text goes through `_text`: what deliveries say is shown literally, neither rich's markup nor the terminal acts on it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

from pipelines.publishing.manifest import WaivedFault
from pipelines.showing.explain.model import DEEPEST, Axis, Criterion, Explanation, ProductGroup, Source
from pipelines.showing.explain.visible import visible
from pipelines.vocabulary import Voice, is_known
from pipelines.vocabulary.formats import UNKNOWN
from pipelines.vocabulary.formats import decimals_of as decimals
from pipelines.vocabulary.units import unit_of

NARROWEST: Final = 60
WIDEST: Final = 120
LABEL: Final = 20
"""Columns of the words in front of a line."""
USUAL: Final = 76
WIDE: Final = 100
"""From these widths on there is room for longer names in one line."""

CASCADE: Final = (
    "gross_list_revenue",
    "revenue_deductions",
    "net_revenue",
    "cogs",
    "contribution_1",
    "marketing_cost",
    "contribution_2",
    "sales_cost",
    "contribution_3",
    "service_logistics_cost",
    "contribution_4",
)
RESULTS: Final = frozenset(("net_revenue", "contribution_1", "contribution_2", "contribution_3", "contribution_4"))

OF_TENURE: Final = frozenset(("tenure_years", "loyalty_level"))
"""Measures that are only a lower bound where the customer's tenure is."""

SELLING_ZONES: Final = ("protection", "development", "new_customer", "target_lead")

ZONE_STYLES: Final = {
    "protection": "bold green",
    "target_lead": "bold green",
    "development": "bold cyan",
    "maintain": "bold blue",
    "nurture_lead": "bold blue",
    "withdrawal": "bold magenta",
    "disqualified_lead": "bold magenta",
    "new_customer": "bold yellow",
    "unrated": "bold yellow",
}
STATUS_STYLES: Final = {"confirmed": "green", "provisional": "yellow", "unrated": "yellow", "observation": "yellow"}

EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def render(explanation: Explanation, voice: Voice, width: int = 80) -> RenderableType:
    """The page in a language, laid out for a terminal of `width` columns (60 to 120 are used)."""
    speaking = voice.of(explanation.who.ultimate_parent_id, explanation.as_of_date)
    page = _Page(explanation, speaking, max(NARROWEST, min(WIDEST, width)))
    return Constrain(Group(*page.parts()), page.width)


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


def _paragraph(text: str, width: int, style: str = "", indent: str = "") -> Text:
    """Text in lines of at most `width`; unlike rich's own wrapping it keeps a number and its per cent sign together."""
    lines = textwrap.wrap(
        visible(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Text("\n".join(lines), style=style)


def bar(points: Decimal, weight: Decimal | int, cells: int, *, is_assumed: bool = False) -> str:
    """A bar of `cells` characters, filled to points / weight; what is only assumed is shaded. 0 cells give ''."""
    if not weight or cells <= 0:
        return ""
    eighths = int(max(Decimal(0), min(Decimal(1), points / Decimal(weight))) * cells * 8)
    if is_assumed:
        filled = min(cells, (eighths + 4) // 8)
        return "▒" * filled + "·" * (cells - filled)
    full, rest = divmod(eighths, 8)
    drawn = "█" * full + (EIGHTHS[rest] if rest else "")
    return drawn + "·" * (cells - len(drawn))


@dataclass(frozen=True, slots=True)
class _Page:
    facts: Explanation
    voice: Voice
    width: int

    def parts(self) -> Iterator[RenderableType]:
        say = self.voice.say
        facts = self.facts
        yield from self._heading()
        yield self._title(
            say("explain.title.what", as_of=self.voice.day(facts.as_of_date), currency=facts.who.reporting_currency)
        )
        yield self._what()
        yield self._title(say("explain.title.why"))
        yield self._criteria()
        yield from self._sentences()
        yield self._title(say("explain.title.do"))
        yield from self._action()
        yield self._title(say("explain.title.sure"))
        yield self._labelled(self._sure())
        yield self._title(say("explain.title.missing"))
        missing = tuple(self._missing())
        # Who never bought is in no ERP: where that is silent nothing is missing, but not every source tells something.
        nothing = "explain.missing.nothing_crm" if self.facts.silent_sources else "explain.missing.nothing"
        yield self._labelled(missing) if missing else _text(say(nothing))

    # --- heading ----------------------------------------------------------------------------------------------------

    def _heading(self) -> Iterator[RenderableType]:
        say, facts, who = self.voice.say, self.facts, self.facts.who
        first = Table.grid(expand=False)
        first.width = self.width
        first.add_column(ratio=1, overflow="fold")
        first.add_column(justify="right", overflow="fold")
        first.add_row(_text(who.customer_name, "bold"), _text(who.ultimate_parent_id, "bold"))
        yield first
        zone = facts.zone
        line = Text()
        line.append_text(_text(self._zone(zone.zone), ZONE_STYLES.get(zone.zone, "bold")))
        if zone.zone_status is not None and zone.zone_status != zone.zone:
            status = self.voice.label("zone_status", zone.zone_status)
            line.append_text(_text(f" ({status})", STATUS_STYLES.get(zone.zone_status, "")))
        means = self._rule() if zone.zone_status == "observation" else self._meaning("zone", zone.zone)
        line.append_text(_text(f": {means}" if means else ""))
        if zone.override_zone:
            line.append_text(
                _text(f" · {say('explain.heading.override', zone=self._zone(zone.override_zone))}", "yellow")
            )
        yield line
        value = facts.value
        if value.customer_value_score is not None:
            score = self._score(value.customer_value_score)
            rank, count = self.voice.number(value.rank_customer_value), self.voice.number(facts.ranked_customers)
            yield _text(_capital(say("explain.heading.value", score=score, rank=rank, count=count)))
        elif facts.dangers is not None:
            yield from self._rank()
        yield _text(" · ".join(self._described()), "dim")
        trouble = tuple(self._trouble())
        if trouble:
            yield _text(_capital(", ".join(trouble)), "bold red")

    def _rank(self) -> Iterator[RenderableType]:
        """Of a customer without a value the place by what is known of it: contribution, else revenue."""
        say, number, facts = self.voice.say, self.voice.number, self.facts
        if facts.dangers is None:
            return
        rank, key = facts.dangers.rank_contribution_4, "explain.heading.rank_contribution"
        if rank is None or facts.contribution.depth == 0:
            rank, key = facts.dangers.rank_revenue, "explain.heading.rank_revenue"
        if rank is not None:
            yield _text(_capital(say(key, rank=number(rank))))

    def _described(self) -> Iterator[str]:
        say, facts, who = self.voice.say, self.facts, self.facts.who
        yield self.voice.label("relationship_type", who.relationship_type)
        if who.customer_status is not None and who.customer_status not in (who.relationship_type, "new"):
            yield self._with_meaning("customer_status", who.customer_status, ": ")
        if who.is_key_account:
            yield say("explain.heading.key_account")
        place = ", ".join(part for part in (who.region, who.country_code) if part)
        if place:
            yield place
        if who.owner_area:
            yield say("explain.heading.area", area=who.owner_area)
        if len(facts.entities) > 1:
            yield say("explain.heading.group", count=self.voice.number(len(facts.entities)))
        yield say("explain.heading.version", as_of=self.voice.day(facts.as_of_date), version=facts.version)
        if facts.is_open_month:
            yield say("explain.heading.open_month")

    def _trouble(self) -> Iterator[str]:
        payment, day = self.facts.payment, self.facts.as_of_date
        if payment is not None and payment.insolvent_from is not None and payment.insolvent_from <= day:
            yield self.voice.say("explain.heading.insolvent", day=self.voice.day(payment.insolvent_from))
        if payment is not None and payment.blocked_from is not None and payment.blocked_from <= day:
            yield self.voice.say("explain.heading.blocked", day=self.voice.day(payment.blocked_from))

    # --- what -------------------------------------------------------------------------------------------------------

    def _what(self) -> RenderableType:
        money = Table.grid(padding=(0, 1))
        money.add_column(overflow="fold")
        money.add_column(justify="right", overflow="fold")
        for name in CASCADE:
            amount = getattr(self.facts.contribution, name)
            style = "bold" if name in RESULTS else ""
            if name in RESULTS and amount is not None and amount < 0:
                style = "bold red"
            sign = " " if name == CASCADE[0] else "=" if name in RESULTS else "-"
            label = f"{sign} {self.voice.label('amount', name)}"
            money.add_row(_text(label, style), _text(self.voice.number(amount, 2), style))
        others = Table.grid(padding=(0, 1))
        others.add_column(overflow="fold")
        others.add_column(justify="right", overflow="fold")
        for label, value in self._facts():
            others.add_row(_text(label), _text(value))
        if self.width < USUAL:
            return Group(money, _text(""), others)
        both = Table.grid(padding=(0, 4 if self.width < WIDE else 10))
        both.add_row(money, others)
        return both

    def _facts(self) -> Iterator[tuple[str, str]]:
        say, number, percent = self.voice.say, self.voice.number, self.voice.percent
        contribution, wallet, loyalty = self.facts.contribution, self.facts.wallet, self.facts.loyalty
        contact = self.facts.contact
        yield say("explain.fact.margin"), percent(contribution.margin_ratio)
        yield say("explain.fact.yoy"), self._signed(loyalty.revenue_yoy if loyalty else None)
        yield say("explain.fact.cagr"), self._signed(loyalty.revenue_cagr_3y if loyalty else None)
        yield say("explain.fact.demand"), number(wallet.annual_demand)
        yield say("explain.fact.sow"), percent(wallet.sow_capped_ratio)
        yield say("explain.fact.achievable"), percent(wallet.achievable_share_ratio)
        if self._is_to_be_sold_to():
            yield say("explain.fact.gap"), number(wallet.achievable_gap)
            yield say("explain.fact.worth"), number(wallet.potential_contribution)
        yield say("explain.fact.effort"), number(contribution.effort_value_index, 2)
        yield say("explain.fact.last_order"), self.voice.day(loyalty.last_order_date if loyalty else None)
        yield say("explain.fact.last_contact"), self.voice.day(contact.last_contact_date if contact else None)
        yield say("explain.fact.next_order"), percent(loyalty.repeat_probability if loyalty else None)

    def _signed(self, ratio: Decimal | None) -> str:
        return f"{'+' if ratio is not None and ratio > 0 else ''}{self.voice.percent(ratio)}"

    # --- why --------------------------------------------------------------------------------------------------------

    def _criteria(self) -> RenderableType:
        say = self.voice.say
        name, value = (36, 14) if self.width >= WIDE else (24, 11) if self.width >= USUAL else (17, 10)
        level, points = 6, 16
        cells = self.width - name - value - level - points - 4
        table = Table.grid(padding=(0, 1))
        table.add_column(width=name, overflow="fold")
        table.add_column(width=value, justify="right", overflow="fold")
        table.add_column(width=level, justify="right", overflow="fold")
        table.add_column(width=cells, no_wrap=True)
        table.add_column(width=points, justify="right", overflow="fold")
        titles = (
            say("explain.why.criterion"),
            say("explain.why.value"),
            say("explain.why.level"),
            "",
            say("explain.why.points"),
        )
        table.add_row(*(_text(title, "dim") for title in titles))
        for axis in self.facts.axes:
            places = _places(axis)
            for part in axis.criteria:
                table.add_row(*self._criterion(part, name, cells, places))
            table.add_row(*self._sum(axis, cells, places))
            if axis.axis == "contribution" and self.facts.value_parts:
                for row in self._value_rows(name, cells):
                    table.add_row(*row)
        return table

    def _criterion(self, part: Criterion, name: int, cells: int, places: int) -> Iterator[Text]:
        yield _paragraph(self._name(part), name, indent="  ")
        if part.is_imputed:
            yield _text(self.voice.say("explain.why.unknown"), "yellow")
        elif part.is_rating_stale:
            yield _text(self.voice.say("explain.why.old"), "yellow")
        elif part.raw_value is None or part.method != "breakpoints":
            yield _text("")
        else:
            yield _text(self._measured(part.measure or part.criterion_id, part.raw_value))
        yield _text(UNKNOWN if part.level is None else self.voice.number(part.level, decimals(part.level)))
        length = int((Decimal(part.weight_points) * cells / 100).to_integral_value())
        drawn = bar(part.points, part.weight_points, max(1, length), is_assumed=part.is_imputed)
        yield _text(drawn, "yellow" if part.is_imputed else "cyan")
        points = self.voice.number(part.points, places)
        yield _text(self.voice.say("explain.why.of", points=points, weight=part.weight_points))

    def _sum(self, axis: Axis, cells: int, places: int) -> Iterator[Text]:
        holds = axis.points == axis.score
        style = "bold" if holds else "bold red"
        yield _text(self.voice.say("explain.why.sum", axis=self.voice.label("axis", axis.axis)), style)
        yield _text("")
        yield _text("")
        yield _text(bar(axis.points, 100, cells), style)
        points = self.voice.number(axis.points, places)
        yield _text(self.voice.say("explain.why.of", points=points, weight=axis.weight_points), style)

    def _value_rows(self, name: int, cells: int) -> Iterator[tuple[Text, ...]]:
        """The customer value like an axis: its parts are scores, their weights shares of 1."""
        say, number, parts = self.voice.say, self.voice.number, self.facts.value_parts
        places = max(decimals(part.points, 10, 1) for part in parts)
        for part in parts:
            most, points = part.weight * 100, part.points or Decimal(0)
            yield (
                _paragraph(self.voice.label("axis", part.axis), name, indent="  "),
                _text(self._score(part.score)),
                _text(f"×{number(part.weight, decimals(part.weight, 3))}"),
                _text(bar(points, most, int((part.weight * cells).to_integral_value())), "cyan"),
                _text(say("explain.why.of", points=number(points, places), weight=number(most, decimals(most)))),
            )
        exact = self._exact_value()
        style = "bold" if all(each.adds_up for each in self.facts.checks) else "bold red"
        yield (
            _text(say("explain.why.sum", axis=self.voice.label("amount", "customer_value_score")), style),
            _text(""),
            _text(""),
            _text(bar(exact, 100, cells), style),
            _text(say("explain.why.of", points=number(exact, places), weight=100), style),
        )

    def _exact_value(self) -> Decimal:
        return sum((part.points or Decimal(0) for part in self.facts.value_parts), Decimal(0))

    def _sentences(self) -> Iterator[RenderableType]:
        """Under the criteria: what they mean for value, zone and type, and whether all adds up."""
        facts, say = self.facts, self.voice.say
        if facts.missing:
            yield _text(facts.limits.say(self.voice, "explain.why.assumed"), "dim")
        for sentence in (*self._customer_value(), *self._zone_sentences(), *self._contrasts()):
            yield self._bullet(sentence)
        wrong = tuple(check for check in facts.checks if not check.adds_up)
        if not wrong:
            yield self._bullet(say("explain.why.adds_up", count=len(facts.checks)), "green")
        for check in wrong:
            places = max(decimals(check.parts, at_least=2), decimals(check.total, at_least=2))
            figure = self._figure(check.figure)
            parts, total = self.voice.number(check.parts, places), self.voice.number(check.total, places)
            difference = self.voice.number(check.difference, places)
            text = say("explain.why.difference", figure=figure, total=total, parts=parts, difference=difference)
            yield self._bullet(text, "bold red")

    def _figure(self, figure: str) -> str:
        return self.voice.label("amount", figure) if is_known(f"amount.{figure}") else figure

    def _customer_value(self) -> Iterator[str]:
        say, facts = self.voice.say, self.facts
        if facts.value.customer_value_score is None:
            return
        score = self._score(facts.value.customer_value_score)
        if facts.value_parts:
            if self._exact_value() != facts.value.customer_value_score:
                yield say("explain.why.value_rounded", score=score)
            return
        scores = {axis.axis: self._score(axis.score) for axis in facts.axes}
        names = ("contribution", "potential", "attractiveness")
        yield say("explain.why.value_unweighted", score=score, **{name: scores.get(name, UNKNOWN) for name in names})

    def _is_enough_known(self) -> bool:
        """Whether both axes are covered as far as a zone needs; below that the zone at the plain threshold is no statement."""
        least = self.facts.limits["min_coverage"]
        covered = [each.coverage_points for each in self.facts.axes if each.axis in ("potential", "attractiveness")]
        return least is not None and all(points is not None and points >= least for points in covered)

    def _zone_sentences(self) -> Iterator[str]:
        say, zone, facts = self.voice.say, self.facts.zone, self.facts
        here = self._zone(zone.zone)
        if zone.zone == "unrated":
            known = {axis.axis: self.voice.number(axis.coverage_points) for axis in facts.axes}
            yield facts.limits.say(
                self.voice,
                "explain.zone.unrated",
                potential=known.get("potential", UNKNOWN),
                attractiveness=known.get("attractiveness", UNKNOWN),
            )
        elif zone.zone_status == "observation":
            if zone.raw_zone and self._is_enough_known():
                yield say("explain.zone.observed", raw=self._zone(zone.raw_zone))
        elif facts.distances:
            first, second = (self._distance(each.axis, each.points) for each in facts.distances)
            threshold = self.voice.number(zone.zone_threshold, decimals(zone.zone_threshold))
            yield say("explain.zone.distances", first=first, second=second, threshold=threshold)
        elif facts.sensitivity is not None and facts.sensitivity.distance_to_threshold is not None:
            yield say("explain.zone.nearest", points=self._score(facts.sensitivity.distance_to_threshold))
        if zone.is_hysteresis_hold and zone.raw_zone:
            yield facts.limits.say(self.voice, "explain.zone.held", raw=self._zone(zone.raw_zone))
        if zone.zone_since is not None:
            day = self.voice.day(zone.zone_since)
            if zone.previous_zone and zone.previous_zone != zone.zone:
                yield say("explain.zone.since_before", zone=here, day=day, before=self._zone(zone.previous_zone))
            else:
                yield say("explain.zone.since", zone=here, day=day)
        elif zone.is_since_before_history and facts.judged_from is not None:
            yield say("explain.zone.since_history", zone=here, day=self.voice.day(facts.judged_from))
        yield from self._treatment()

    def _distance(self, axis: str, points: Decimal) -> str:
        key = "explain.zone.distance_above" if points >= 0 else "explain.zone.distance_below"
        return self.voice.say(key, axis=self.voice.label("axis", axis), points=self._score(abs(points)))

    def _treatment(self) -> Iterator[str]:
        say, zone = self.voice.say, self.facts.zone
        if zone.override_zone:
            until = (
                say("explain.zone.until", day=self.voice.day(zone.override_expires_on))
                if zone.override_expires_on
                else ""
            )
            reason = (
                say("explain.zone.quoted", text=zone.override_reason)
                if zone.override_reason
                else say("explain.zone.no_reason")
            )
            yield say(
                "explain.zone.override",
                zone=self._zone(zone.override_zone),
                until=until,
                reason=reason,
                own=self._zone(zone.zone),
            )
        if zone.service_zone is None:
            yield say("explain.zone.no_service")
        elif zone.service_zone != zone.zone:
            key = "explain.zone.frozen" if zone.is_treatment_frozen else "explain.zone.service"
            yield say(key, zone=self._zone(zone.service_zone))

    def _contrasts(self) -> Iterator[str]:
        say, facts, value = self.voice.say, self.facts, self.facts.value
        if any(axis.axis in ("value_of_customer", "value_to_customer") for axis in facts.axes):
            if value.customer_type is not None:
                yield say("explain.why.type", type=self._with_meaning("customer_type", value.customer_type, ", "))
            elif value.customer_value_score is not None:
                yield say("explain.why.no_type")
        if value.abc_class is not None and facts.dangers is not None:
            dangers = facts.dangers
            flags = (
                dangers.danger_1_high_revenue_negative_contribution,
                dangers.danger_2_declining_or_weak_credit,
                dangers.danger_3_order_behaviour,
                dangers.danger_4_c_class_high_potential,
            )
            seen = [self._meaning("danger", str(place)) for place, is_there in enumerate(flags, 1) if is_there]
            if seen:
                yield say("explain.why.abc_hides", abc=value.abc_class, dangers=", ".join(seen))
        yield from self._change()

    def _change(self) -> Iterator[str]:
        """What moved, and what became of customers like this one."""
        say, number, wallet, loyalty = self.voice.say, self.voice.number, self.facts.wallet, self.facts.loyalty
        if wallet.sow_change_ratio is not None:
            key = "explain.why.share_falls" if wallet.is_share_falling else "explain.why.share_changed"
            yield say(key, change=self._signed(wallet.sow_change_ratio))
        if loyalty is None:
            return
        if loyalty.is_tenure_censored and loyalty.tenure_years is not None:
            yield say("explain.why.tenure_censored", years=self.voice.duration(loyalty.tenure_years, "year"))
        if loyalty.repeat_probability is not None and loyalty.repeat_n and loyalty.repeat_base_n:
            yield say(
                "explain.why.repeat",
                again=number(loyalty.repeat_k),
                alike=number(loyalty.repeat_n),
                all_again=number(loyalty.repeat_base_k),
                all=number(loyalty.repeat_base_n),
            )

    # --- what to do -------------------------------------------------------------------------------------------------

    def _action(self) -> Iterator[RenderableType]:
        action = self.facts.action
        text = self._own(action.recommended_action_en, action.recommended_action_de)
        yield _text(text or self.voice.label("action", action.recommended_action), "bold")
        yield self._labelled(self._reasons())

    def _reasons(self) -> Iterator[tuple[str, str]]:
        say, action, facts = self.voice.say, self.facts.action, self.facts
        if action.action_reason:
            yield say("explain.do.because"), self._because(action.action_reason)
        if action.action_unknown_inputs:
            asked = (self.voice.label("action_input", each) for each in action.action_unknown_inputs.split(", "))
            yield say("explain.do.unknown"), say("explain.do.unknown_text", inputs=", ".join(asked))
        if action.lever and action.lever_amount is not None:
            amount = self.voice.money(action.lever_amount, facts.who.reporting_currency)
            lever, meaning = self.voice.label("lever", action.lever), self.voice.meaning("lever", action.lever)
            yield say("explain.do.lever"), say("explain.do.lever_text", lever=lever, amount=amount, meaning=meaning)
        if facts.zone.is_rating_due:
            yield "", facts.limits.say(self.voice, "explain.do.overdue")
        if action.blocking_criterion_id and self._is_to_be_sold_to():
            lost, missing = self._score(action.lost_points), self._score(action.points_to_protection)
            name = self._criterion_name(action.blocking_criterion_id)
            yield (
                say("explain.do.blocking"),
                say("explain.do.blocking_text", criterion=name, lost=lost, missing=missing),
            )
        if action.recommended_action in ("rate_first", "observation", "onboard"):
            to_rate = [
                self._name(part)
                for axis in facts.axes
                if axis.axis in ("potential", "attractiveness")
                for part in axis.criteria
                if part.method == "rating" and (part.is_imputed or part.is_rating_stale)
            ]
            if to_rate:
                yield say("explain.do.rate"), ", ".join(to_rate)
        for group in facts.product_groups:
            if group.is_next_best_product_group and self._is_to_be_sold_to():
                yield say("explain.do.next"), self._next(group)

    def _is_to_be_sold_to(self) -> bool:
        """Gaps and what to sell next are shown where something is to be developed, and nobody set another zone.

        The version says where; for one of an older release the rule is asked here.
        """
        shown, zone = self.facts.action.is_gap_shown, self.facts.zone
        may_be = self.facts.who.customer_status != "blocked"
        is_free = zone.override_zone in (None, zone.zone)
        return may_be and (is_free and zone.zone in SELLING_ZONES if shown is None else shown)

    def _because(self, reason: str) -> str:
        say = self.voice.say
        if reason == "observation":
            return say("explain.do.observed", rule=self._rule())
        return self._meaning("action_reason", reason) or self.voice.label("action_reason", reason)

    def _rule(self) -> str:
        """Which rule of the company keeps a customer under observation."""
        loyalty = self.facts.loyalty
        if loyalty is None:
            return self.voice.label("observation_rule", "any")
        return self.facts.limits.observation_rule(self.voice, loyalty.tenure_years)

    def _next(self, group: ProductGroup) -> str:
        say, number = self.voice.say, self.voice.number
        currency = self.facts.who.reporting_currency
        text = say(
            "explain.do.next_text", group=group.product_group, gap=number(group.achievable_gap), currency=currency
        )
        if group.is_white_space:
            return text + say("explain.do.next_white") + "."
        if group.sow_capped_ratio is None:
            return text + "."
        share, demand = self.voice.percent(group.sow_capped_ratio), number(group.annual_demand)
        return text + say("explain.do.next_share", share=share, demand=demand) + "."

    # --- how sure ---------------------------------------------------------------------------------------------------

    def _sure(self) -> Iterator[tuple[str, str]]:
        say, facts, zone = self.voice.say, self.facts, self.facts.zone
        reasons = [each for each in (zone.zone_status_reasons or "").split(", ") if each]
        words = [
            say("explain.sure.observed", rule=self._rule())
            if zone.zone_status == "observation"
            else self._meaning("zone", zone.zone)
            if zone.zone_status is None
            else self._meaning("zone_status", zone.zone_status) or self.voice.label("zone_status", zone.zone_status),
            *(
                self._meaning("zone_status_reason", each) or self.voice.label("zone_status_reason", each)
                for each in reasons
            ),
        ]
        possible = [each for each in (zone.possible_zones or "").split(", ") if each]
        if len(possible) > 1:
            words.append(say("explain.sure.possible", zones=", ".join(self._zone(each) for each in possible)))
        yield say("explain.sure.zone"), " ".join(words)
        for axis in facts.axes:
            if axis.axis in ("potential", "attractiveness") and axis.score is not None:
                yield self.voice.label("axis", axis.axis), self._bounds(axis)
        yield say("explain.sure.contribution"), " ".join(self._contribution())
        yield say("explain.sure.method"), self._stability()
        yield from self._payment()

    def _contribution(self) -> Iterator[str]:
        """How deep it is known, what stands in for what was not delivered, how low it may be."""
        say, facts, contribution = self.voice.say, self.facts, self.facts.contribution
        unknown = ", ".join(self.voice.label("amount", name) for name in contribution.unknown_costs)
        if contribution.depth == 0:
            yield say("explain.sure.no_contribution", costs=unknown)
        elif contribution.depth < DEEPEST:
            known = self.voice.label("amount", f"contribution_{contribution.depth}")
            yield say("explain.sure.depth", contribution=known, costs=unknown)
        if contribution.imputed_cogs:
            amount = self.voice.money(contribution.imputed_cogs, facts.who.reporting_currency)
            yield say("explain.sure.imputed", amount=amount)
        if contribution.contribution_4_low is not None:
            low, logged = self.voice.number(contribution.contribution_4_low), contribution.logged_capacity_ratio
            reliability = self.voice.label("reliability", contribution.contribution_reliability or UNKNOWN)
            yield facts.limits.say(
                self.voice, "explain.sure.low", low=low, logged=self.voice.percent(logged), reliability=reliability
            )
        elif contribution.depth == DEEPEST:
            yield say("explain.sure.no_low")

    def _bounds(self, axis: Axis) -> str:
        score = self._score(axis.score)
        if not any(part.is_imputed for part in axis.criteria):
            loyalty = self.facts.loyalty
            is_bound = loyalty is not None and bool(loyalty.is_tenure_censored)
            at_least = is_bound and any(part.measure in OF_TENURE for part in axis.criteria)
            return self.voice.say("explain.sure.axis_at_least" if at_least else "explain.sure.axis_known", score=score)
        low, high = self._score(axis.score_low), self._score(axis.score_high)
        coverage = self.voice.number(axis.coverage_points)
        return self.voice.say("explain.sure.axis", score=score, low=low, high=high, coverage=coverage)

    def _stability(self) -> str:
        say, sensitivity = self.voice.say, self.facts.sensitivity
        if sensitivity is None or sensitivity.threshold_stability is None:
            return say("explain.sure.no_stability")
        thresholds = self.voice.percent(sensitivity.threshold_stability, 0)
        if sensitivity.weight_stability is None:
            return say("explain.sure.stability_thresholds", thresholds=thresholds)
        weights = self.voice.percent(sensitivity.weight_stability, 0)
        return say("explain.sure.stability", thresholds=thresholds, weights=weights)

    def _payment(self) -> Iterator[tuple[str, str]]:
        payment = self.facts.payment
        if payment is None or payment.items_due is None or self.facts.who.relationship_type == "lead":
            return
        if payment.items_due == 0 and not self._is_delivered("open_items"):
            yield self.voice.say("explain.sure.payment"), self.voice.say("explain.sure.payment_unknown")
            return
        items = self.voice.number(payment.items_due)
        key = "few" if payment.is_payment_low_n else "items"
        key = "none" if payment.items_due == 0 else key
        said = self.facts.limits.say(self.voice, f"explain.sure.payment_{key}", items=items)
        yield self.voice.say("explain.sure.payment"), said

    def _is_delivered(self, source: str) -> bool:
        """False where a table is known never to have come."""
        return all(each.is_delivered is not False for each in self.facts.sources if each.source_name == source)

    # --- what is missing --------------------------------------------------------------------------------------------

    def _missing(self) -> Iterator[tuple[str, str]]:
        say, facts = self.voice.say, self.facts
        if facts.missing:
            yield say("explain.missing.criteria"), self._weighed(facts.missing)
        if facts.stale:
            yield say("explain.missing.stale"), self._weighed(facts.stale)
        stale = [group for group in facts.product_groups if group.is_potential_stale]
        if stale:
            named = (
                say("explain.missing.since", group=each.product_group, day=self.voice.day(each.estimate_valid_from))
                for each in stale
            )
            yield say("explain.missing.estimates_stale"), ", ".join(named)
        wrong = [group.product_group for group in facts.product_groups if group.is_potential_contradicted]
        if wrong:
            yield say("explain.missing.estimates_wrong"), ", ".join(wrong)
        is_lead = facts.who.relationship_type == "lead"
        # Who never bought is in no ERP: that is no gap.
        silent = [each for each in facts.silent_sources if not (is_lead and each.source_system == "erp")]
        yield from self._sources(
            "explain.missing.no_rows", (each for each in silent if each.is_mapped and each.is_delivered)
        )
        if facts.waived:
            yield say("explain.missing.waived"), "; ".join(dict.fromkeys(self._waived(each) for each in facts.waived))
        yield from self._sources(
            "explain.missing.not_delivered", (each for each in silent if each.is_mapped and not each.is_delivered)
        )
        yield from self._sources("explain.missing.not_mapped", (each for each in silent if not each.is_mapped))

    def _weighed(self, parts: tuple[Criterion, ...]) -> str:
        groups: dict[str, list[str]] = {}
        for part in parts:
            groups.setdefault(part.axis, []).append(f"{self._name(part)} ({part.weight_points})")
        return "; ".join(f"{self.voice.label('axis', axis)}: {', '.join(named)}" for axis, named in groups.items())

    def _waived(self, fault: WaivedFault) -> str:
        """A fault published all the same: what, of which table, who takes responsibility."""
        known = f"error.{fault.code}"
        return self.voice.say(
            "page.quality.waived_by",
            fault=self.voice.say(known) if is_known(known) else fault.code,
            source=self.voice.label("source", fault.table),
            who=fault.who,
            why=fault.why,
            until=self.voice.day(fault.until),
        )

    def _sources(self, key: str, sources: Iterable[Source]) -> Iterator[tuple[str, str]]:
        """Tables that say nothing, each with what it would tell, and the company's own note."""
        named = []
        for each in sources:
            name, note = self.voice.label("source", each.source_name), each.coverage_note
            told = f"unknown.{each.source_name}"
            text = f"{name}: {self.voice.say(told)}" if is_known(told) else name
            named.append(f"{text} ({note})" if note else text)
        if named:
            yield self.voice.say(key), "; ".join(named)

    # --- pieces -----------------------------------------------------------------------------------------------------

    def _title(self, title: str) -> RenderableType:
        line = _text(f"{title} ", "bold")
        line.append_text(Text("─" * (self.width - line.cell_len), style="not bold dim"))
        return line

    def _bullet(self, sentence: str, style: str = "") -> RenderableType:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=1)
        table.add_column(max_width=self.width - 2, overflow="fold")
        table.add_row(_text("•", "dim"), _paragraph(sentence, self.width - 2, style))
        return table

    def _labelled(self, rows: Iterable[tuple[str, str]]) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        rest = self.width - LABEL - 1
        table.add_column(width=LABEL, overflow="fold")
        table.add_column(max_width=rest, overflow="fold")
        for name, text in rows:
            table.add_row(_text(name, "dim"), _paragraph(text, rest))
        return table

    def _zone(self, zone: str) -> str:
        return self.voice.label("zone", zone)

    def _meaning(self, group: str, code: str) -> str:
        return self.facts.limits.meaning(self.voice, group, code)

    def _with_meaning(self, group: str, code: str, between: str) -> str:
        means = self._meaning(group, code)
        return self.voice.label(group, code) + (between + means if means else "")

    def _own(self, english: str | None, german: str | None) -> str | None:
        """The company's own text; companies write German and English, every other language reads English."""
        return (german if self.voice.language == "de" else None) or english

    def _measured(self, measure: str, value: Decimal) -> str:
        """A criterion's raw value in the unit of its measure; of an unknown one as a plain number."""
        unit = unit_of(measure)
        if unit == "ratio":
            return self.voice.percent(value)
        if unit == "money":
            return self.voice.number(value)
        if unit == "days":
            return self.voice.duration(value, "day", 1)
        if unit == "years":
            return self.voice.duration(value, "year")
        return self.voice.number(value, decimals(value, 2))

    def _score(self, score: Decimal | None) -> str:
        return self.voice.number(score, decimals(score, 4, 1))

    def _name(self, part: Criterion) -> str:
        title = self._own(part.criterion_name_en, part.criterion_name_de)
        return title or _capital(part.criterion_id.replace("_", " "))

    def _criterion_name(self, criterion_id: str) -> str:
        for axis in self.facts.axes:
            for part in axis.criteria:
                if part.criterion_id == criterion_id:
                    return self._name(part)
        return _capital(criterion_id.replace("_", " "))


def _places(axis: Axis) -> int:
    """Decimals with which all parts of an axis are written in full, so that what is printed adds up."""
    return max(decimals(points, 4, 1) for points in (axis.points, *(part.points for part in axis.criteria)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
