"""An explanation in words, one sentence at a time. Belongs here: which sentence is said when, which figure fills it.

Not here: reading (read), the texts (the vocabulary, under `explain.` and under their codes), layout: of a terminal (render), of
a sheet of paper (sheets.customer).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipelines.publishing.manifest import WaivedFault
from pipelines.showing.areas import area
from pipelines.showing.explain.model import DEEPEST, Axis, Criterion, Explanation, ProductGroup, Source
from pipelines.vocabulary import Voice, is_known
from pipelines.vocabulary.formats import UNKNOWN
from pipelines.vocabulary.formats import decimals_of as decimals
from pipelines.vocabulary.units import unit_of

OF_TENURE: Final = frozenset(("tenure_years", "loyalty_level"))
"""Measures that are only a lower bound where the customer's tenure is."""

SELLING_ZONES: Final = ("protection", "development", "new_customer", "target_lead")


def capital(text: str) -> str:
    """The text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def places_of(axis: Axis) -> int:
    """Decimals with which all parts of an axis are written in full, so that what is printed adds up."""
    return max(decimals(points, 4, 1) for points in (axis.points, *(part.points for part in axis.criteria)))


@dataclass(frozen=True, slots=True)
class Telling:
    """What is said of one explanation in one language. `voice` speaks of its customer (Voice.of)."""

    facts: Explanation
    voice: Voice

    # --- heading ----------------------------------------------------------------------------------------------------

    def place(self) -> str:
        """Zone and status, and what the zone means."""
        zone = self.facts.zone
        means = self.place_means()
        return self.zone(zone.zone) + self.status() + (f": {means}" if means else "")

    def status(self) -> str:
        """The status in brackets, where it says more than the zone."""
        zone = self.facts.zone
        if zone.zone_status is None or zone.zone_status == zone.zone:
            return ""
        return f" ({self.voice.label('zone_status', zone.zone_status)})"

    def place_means(self) -> str:
        """What the zone means; of an observed customer which rule keeps it there."""
        zone = self.facts.zone
        return self.rule() if zone.zone_status == "observation" else self.meaning("zone", zone.zone)

    def override(self) -> str:
        """By which zone it is treated, where a person set one; else nothing."""
        zone = self.facts.zone.override_zone
        return self.voice.say("explain.heading.override", zone=self.zone(zone)) if zone else ""

    def standing(self) -> str:
        """Customer value and rank; without a value the place by what is known: contribution, else revenue. Leads have none."""
        say, number, facts = self.voice.say, self.voice.number, self.facts
        if facts.value.customer_value_score is not None:
            score = self.score(facts.value.customer_value_score)
            place, count = number(facts.value.rank_customer_value), number(facts.ranked_customers)
            return capital(say("explain.heading.value", score=score, rank=place, count=count))
        if facts.dangers is None:
            return ""
        rank, key = facts.dangers.rank_contribution_4, "explain.heading.rank_contribution"
        if rank is None or facts.contribution.depth == 0:
            rank, key = facts.dangers.rank_revenue, "explain.heading.rank_revenue"
        return "" if rank is None else capital(say(key, rank=number(rank)))

    def described(self) -> Iterator[str]:
        """What it is to us, where it is, who cares for it, which version says so."""
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
            yield say("explain.heading.area", area=area(who.owner_area).by(self.voice))
        if len(facts.entities) > 1:
            yield say("explain.heading.group", count=self.voice.number(len(facts.entities)))
        yield say("explain.heading.version", as_of=self.voice.day(facts.as_of_date), version=facts.version)
        if facts.is_open_month:
            yield say("explain.heading.open_month")

    def trouble(self) -> Iterator[str]:
        """Insolvent or blocked, as of the day."""
        payment, day = self.facts.payment, self.facts.as_of_date
        if payment is not None and payment.insolvent_from is not None and payment.insolvent_from <= day:
            yield self.voice.say("explain.heading.insolvent", day=self.voice.day(payment.insolvent_from))
        if payment is not None and payment.blocked_from is not None and payment.blocked_from <= day:
            yield self.voice.say("explain.heading.blocked", day=self.voice.day(payment.blocked_from))

    # --- what -------------------------------------------------------------------------------------------------------

    def figures(self) -> Iterator[tuple[str, str]]:
        """Figures beside the cascade, each with its name; an unknown one is a dash."""
        say, number, percent = self.voice.say, self.voice.number, self.voice.percent
        contribution, wallet, loyalty = self.facts.contribution, self.facts.wallet, self.facts.loyalty
        contact = self.facts.contact
        yield say("explain.fact.margin"), percent(contribution.margin_ratio)
        yield say("explain.fact.yoy"), self.signed(loyalty.revenue_yoy if loyalty else None)
        yield say("explain.fact.cagr"), self.signed(loyalty.revenue_cagr_3y if loyalty else None)
        yield say("explain.fact.demand"), number(wallet.annual_demand)
        yield say("explain.fact.sow"), percent(wallet.sow_capped_ratio)
        yield say("explain.fact.achievable"), percent(wallet.achievable_share_ratio)
        if self.is_to_be_sold_to():
            yield say("explain.fact.gap"), number(wallet.achievable_gap)
            yield say("explain.fact.worth"), number(wallet.potential_contribution)
        yield say("explain.fact.effort"), number(contribution.effort_value_index, 2)
        yield say("explain.fact.last_order"), self.voice.day(loyalty.last_order_date if loyalty else None)
        yield say("explain.fact.last_contact"), self.voice.day(contact.last_contact_date if contact else None)
        yield say("explain.fact.next_order"), percent(loyalty.repeat_probability if loyalty else None)

    def signed(self, ratio: Decimal | None) -> str:
        """A change in per cent, with its sign."""
        return f"{'+' if ratio is not None and ratio > 0 else ''}{self.voice.percent(ratio)}"

    # --- why --------------------------------------------------------------------------------------------------------

    def exact_value(self) -> Decimal:
        """The customer value before it is rounded (0..100)."""
        return sum((part.points or Decimal(0) for part in self.facts.value_parts), Decimal(0))

    def figure(self, figure: str) -> str:
        """The name of a published figure."""
        return self.voice.label("amount", figure) if is_known(f"amount.{figure}") else figure

    def customer_value(self) -> Iterator[str]:
        """How the customer value comes from its parts, where they do not show it."""
        say, facts = self.voice.say, self.facts
        if facts.value.customer_value_score is None:
            return
        score = self.score(facts.value.customer_value_score)
        if facts.value_parts:
            if self.exact_value() != facts.value.customer_value_score:
                yield say("explain.why.value_rounded", score=score)
            return
        scores = {axis.axis: self.score(axis.score) for axis in facts.axes}
        names = ("contribution", "potential", "attractiveness")
        yield say("explain.why.value_unweighted", score=score, **{name: scores.get(name, UNKNOWN) for name in names})

    def _is_enough_known(self) -> bool:
        """Whether both axes are covered as far as a zone needs; below that the zone at the plain threshold is no statement."""
        least = self.facts.limits["min_coverage"]
        covered = [each.coverage_points for each in self.facts.axes if each.axis in ("potential", "attractiveness")]
        return least is not None and all(points is not None and points >= least for points in covered)

    def zone_sentences(self) -> Iterator[str]:
        """Why it stands in this zone, since when, and by which it is treated."""
        say, zone, facts = self.voice.say, self.facts.zone, self.facts
        here = self.zone(zone.zone)
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
                yield say("explain.zone.observed", raw=self.zone(zone.raw_zone))
        elif facts.distances:
            first, second = (self._distance(each.axis, each.points) for each in facts.distances)
            threshold = self.voice.number(zone.zone_threshold, decimals(zone.zone_threshold))
            yield say("explain.zone.distances", first=first, second=second, threshold=threshold)
        elif facts.sensitivity is not None and facts.sensitivity.distance_to_threshold is not None:
            yield say("explain.zone.nearest", points=self.score(facts.sensitivity.distance_to_threshold))
        if zone.is_hysteresis_hold and zone.raw_zone:
            yield facts.limits.say(self.voice, "explain.zone.held", raw=self.zone(zone.raw_zone))
        if zone.zone_since is not None:
            day = self.voice.day(zone.zone_since)
            if zone.previous_zone and zone.previous_zone != zone.zone:
                yield say("explain.zone.since_before", zone=here, day=day, before=self.zone(zone.previous_zone))
            else:
                yield say("explain.zone.since", zone=here, day=day)
        elif zone.is_since_before_history and facts.judged_from is not None:
            yield say("explain.zone.since_history", zone=here, day=self.voice.day(facts.judged_from))
        yield from self._treatment()

    def _distance(self, axis: str, points: Decimal) -> str:
        key = "explain.zone.distance_above" if points >= 0 else "explain.zone.distance_below"
        return self.voice.say(key, axis=self.voice.label("axis", axis), points=self.score(abs(points)))

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
                zone=self.zone(zone.override_zone),
                until=until,
                reason=reason,
                own=self.zone(zone.zone),
            )
        if zone.service_zone is None:
            yield say("explain.zone.no_service")
        elif zone.service_zone != zone.zone:
            key = "explain.zone.frozen" if zone.is_treatment_frozen else "explain.zone.service"
            yield say(key, zone=self.zone(zone.service_zone))

    def contrasts(self) -> Iterator[str]:
        """Customer type, what the ABC class hides, what moved."""
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
            seen = [self.meaning("danger", str(place)) for place, is_there in enumerate(flags, 1) if is_there]
            if seen:
                yield say("explain.why.abc_hides", abc=value.abc_class, dangers=", ".join(seen))
        yield from self._change()

    def _change(self) -> Iterator[str]:
        """What moved, and what became of customers like this one."""
        say, number, wallet, loyalty = self.voice.say, self.voice.number, self.facts.wallet, self.facts.loyalty
        if wallet.sow_change_ratio is not None:
            key = "explain.why.share_falls" if wallet.is_share_falling else "explain.why.share_changed"
            # A difference of two shares: points, not per cent of one.
            points = wallet.sow_change_ratio * 100
            yield say(key, points=f"{'+' if points > 0 else ''}{number(points, 1)}")
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

    def action(self) -> str:
        """What is recommended, in the company's words where it has its own."""
        action = self.facts.action
        own = self.own(action.recommended_action_en, action.recommended_action_de)
        return own or self.voice.label("action", action.recommended_action)

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Why the action, with which lever, against which obstacle, what next: what it is, and the sentence."""
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
        if action.blocking_criterion_id and self.is_to_be_sold_to():
            lost, missing = self.score(action.lost_points), self.score(action.points_to_protection)
            name = self.criterion_name(action.blocking_criterion_id)
            yield (
                say("explain.do.blocking"),
                say("explain.do.blocking_text", criterion=name, lost=lost, missing=missing),
            )
        if action.recommended_action in ("rate_first", "observation", "onboard"):
            to_rate = [
                self.name(part)
                for axis in facts.axes
                if axis.axis in ("potential", "attractiveness")
                for part in axis.criteria
                if part.method == "rating" and (part.is_imputed or part.is_rating_stale)
            ]
            if to_rate:
                yield say("explain.do.rate"), ", ".join(to_rate)
        for group in facts.product_groups:
            if group.is_next_best_product_group and self.is_to_be_sold_to():
                yield say("explain.do.next"), self._next(group)

    def is_to_be_sold_to(self) -> bool:
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
            return say("explain.do.observed", rule=self.rule())
        return self.meaning("action_reason", reason) or self.voice.label("action_reason", reason)

    def rule(self) -> str:
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

    def sure(self) -> Iterator[tuple[str, str]]:
        """How sure zone, axes, contribution, method and payment are: what, and the sentence."""
        say, facts, zone = self.voice.say, self.facts, self.facts.zone
        reasons = [each for each in (zone.zone_status_reasons or "").split(", ") if each]
        words = [
            say("explain.sure.observed", rule=self.rule())
            if zone.zone_status == "observation"
            else self.meaning("zone", zone.zone)
            if zone.zone_status is None
            else self.meaning("zone_status", zone.zone_status) or self.voice.label("zone_status", zone.zone_status),
            *(
                self.meaning("zone_status_reason", each) or self.voice.label("zone_status_reason", each)
                for each in reasons
            ),
        ]
        possible = [each for each in (zone.possible_zones or "").split(", ") if each]
        if len(possible) > 1:
            words.append(say("explain.sure.possible", zones=", ".join(self.zone(each) for each in possible)))
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
        score = self.score(axis.score)
        if not any(part.is_imputed for part in axis.criteria):
            loyalty = self.facts.loyalty
            is_bound = loyalty is not None and bool(loyalty.is_tenure_censored)
            at_least = is_bound and any(part.measure in OF_TENURE for part in axis.criteria)
            return self.voice.say("explain.sure.axis_at_least" if at_least else "explain.sure.axis_known", score=score)
        low, high = self.score(axis.score_low), self.score(axis.score_high)
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
        if payment.items_due == 0 and not self.is_delivered("open_items"):
            yield self.voice.say("explain.sure.payment"), self.voice.say("explain.sure.payment_unknown")
            return
        items = self.voice.number(payment.items_due)
        key = "few" if payment.is_payment_low_n else "items"
        key = "none" if payment.items_due == 0 else key
        said = self.facts.limits.say(self.voice, f"explain.sure.payment_{key}", items=items)
        yield self.voice.say("explain.sure.payment"), said

    def is_delivered(self, source: str) -> bool:
        """False where a table is known never to have come."""
        return all(each.is_delivered is not False for each in self.facts.sources if each.source_name == source)

    # --- what is missing --------------------------------------------------------------------------------------------

    def nothing_missing(self) -> str:
        """What is said where `missing` has nothing to say."""
        # Who never bought is in no ERP: where that is silent nothing is missing, but not every source tells something.
        nothing = "explain.missing.nothing_crm" if self.facts.silent_sources else "explain.missing.nothing"
        return self.voice.say(nothing)

    def missing(self) -> Iterator[tuple[str, str]]:
        """What is not known, too old or wrong, and which sources say nothing: what it is, and which."""
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
            groups.setdefault(part.axis, []).append(f"{self.name(part)} ({part.weight_points})")
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

    def zone(self, zone: str) -> str:
        """The word for a zone."""
        return self.voice.label("zone", zone)

    def meaning(self, group: str, code: str) -> str:
        """What a code means, limits filled in."""
        return self.facts.limits.meaning(self.voice, group, code)

    def _with_meaning(self, group: str, code: str, between: str) -> str:
        means = self.meaning(group, code)
        return self.voice.label(group, code) + (between + means if means else "")

    def own(self, english: str | None, german: str | None) -> str | None:
        """The company's own text; companies write German and English, every other language reads English."""
        return (german if self.voice.language == "de" else None) or english

    def measured(self, measure: str, value: Decimal) -> str:
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

    def score(self, score: Decimal | None) -> str:
        """A score with as many decimals as it has, at least one."""
        return self.voice.number(score, decimals(score, 4, 1))

    def name(self, part: Criterion) -> str:
        """A criterion's title as the company wrote it, else its id."""
        title = self.own(part.criterion_name_en, part.criterion_name_de)
        return title or capital(part.criterion_id.replace("_", " "))

    def criterion_name(self, criterion_id: str) -> str:
        """The title of a criterion known by its id."""
        for axis in self.facts.axes:
            for part in axis.criteria:
                if part.criterion_id == criterion_id:
                    return self.name(part)
        return capital(criterion_id.replace("_", " "))
