"""What to do about each score object, and the work list (METHOD 1.18).

Belongs here: the decision table, the cost of care, the lever of a loss, every task that applies. Not here: what the conditions stand on.

Readings:
- A condition whose input is unknown is not met; the input is named, and the next condition is asked. Of a row's two conditions the
  second is asked only if the first does not hold.
- Without a recency ratio churn_risk is false for rules, and still not known.
- A lead that sales disqualified is disqualified_lead, also where nothing is known of it (zone unrated).
- A task asks the zone in force: an override's, where there is one; zone_status stays the system's. Nobody blocked has a task.
- An unblocked candidate: confirmed, in development, its blocking criterion the focus of a campaign of the quarter of the as-of date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .arithmetic import divide, in_cents, money
from .effort import Pools
from .inputs import Company, Settings
from .periods import month_end, month_of
from .result import AsOf, Consequence, Task
from .service import Rules
from .structure import Structure

SHOWN = {"protection", "development", "new_customer", "target_lead"}


@dataclass
class _Facts:
    """All the conditions ask of one parent."""

    key: str
    kind: str
    status: str
    is_blocked: bool
    zone: str
    zone_status: str | None
    service_zone: str | None
    override_zone: str | None
    is_disqualified: bool
    is_rating_due: bool
    net_revenue: Decimal
    contribution: Decimal | None
    contribution_to_last: Decimal | None
    revenue_to_last: Decimal | None
    last_order: date | None
    churn_risk: bool
    is_churn_known: bool
    recency_ratio: Decimal | None
    is_share_falling: bool | None
    has_gap: bool | None
    is_never_contacted: bool
    days_since_contact: int | None
    longest_gap: int | None
    visits: int | None
    planned: int
    over_service_cost: Decimal | None
    care_cost: Decimal | None
    avoidable_cost: Decimal | None
    is_hidden_champion: bool | None
    customer_type: str | None
    potential_contribution: Decimal | None
    annual_demand: Decimal | None
    is_contradicted: bool | None
    is_duplicated: bool | None
    blocking_criterion: str | None
    owner_leaves_on: date | None
    customer_since: date | None

    @property
    def in_force(self) -> str:
        """The zone tasks ask by."""
        return self.override_zone or self.zone

    @property
    def known_churn(self) -> bool | None:
        """None without a rhythm."""
        return self.churn_risk if self.is_churn_known else None

    @property
    def visited_too_little(self) -> bool | None:
        """Less than half of the planned visits."""
        return None if self.visits is None else 2 * self.visits < self.planned


class Consequences:
    """One as-of date; `customer_since` by parent where the method knows it."""

    def __init__(
        self,
        row: AsOf,
        company: Company,
        structure: Structure,
        settings: Settings,
        pools: Pools,
        customer_since: dict[str, date | None],
    ) -> None:
        self.row, self.company, self.structure, self.settings, self.pools = row, company, structure, settings, pools
        self.since, self.limits = customer_since, settings.parameters
        self.portfolio = [
            one
            for key, one in row.contribution.items()
            if row.relationship_type[key] == "customer" and one.net_revenue > 0
        ]
        self.leaving = {one["rep_key"]: one["active_to"] for one in company.sales_reps if one.get("active_to")}
        year, quarter = row.as_of_date.year, (row.as_of_date.month + 2) // 3
        self.foci = {one["focus_criterion_id"] for one in company.campaigns if one["quarter"] == f"{year}-Q{quarter}"}

    def evaluate(self) -> tuple[dict[str, Consequence], tuple[Task, ...]]:
        """The consequence of every parent, and the list in its order."""
        consequences: dict[str, Consequence] = {}
        tasks: list[Task] = []
        for key in self.row.zone:
            facts = self._facts(key)
            consequence = self._consequence(facts)
            consequences[key] = consequence
            if facts.status != "blocked":
                tasks += self._tasks(facts, consequence)
        tasks.sort(key=lambda one: (one.due_on, -one.money, one.ultimate_parent_id, one.task))
        return consequences, tuple(tasks)

    # --- facts -------------------------------------------------------------------------------------------------------

    def _facts(self, key: str) -> _Facts:
        row, zone, as_of = self.row, self.row.zone[key], self.row.as_of_date
        loyalty, wallet, sums, service = row.loyalty[key], row.wallet[key], row.contribution[key], row.service[key]
        days = loyalty.days_since_last_order
        last_order = None if days is None else as_of - timedelta(days=days)
        is_blocked, _ = self._stops(key)
        to_last = row.to_last_order.get(key)
        care = self._care_cost(zone.service_zone)
        development = row.development.get(key)
        is_churn_known = loyalty.churn_risk or loyalty.recency_ratio is not None
        return _Facts(
            key=key,
            kind=row.relationship_type[key],
            status=row.customer_status[key],
            is_blocked=is_blocked,
            zone=zone.zone,
            zone_status=zone.zone_status,
            service_zone=zone.service_zone,
            override_zone=zone.override_zone,
            is_disqualified=row.relationship_type[key] == "lead" and self.structure.is_disqualified(key),
            is_rating_due=zone.is_rating_due,
            net_revenue=sums.net_revenue,
            contribution=sums.customer_contribution,
            contribution_to_last=None if to_last is None else to_last.customer_contribution_to_last_order,
            revenue_to_last=None if to_last is None else to_last.net_revenue_to_last_order,
            last_order=last_order,
            churn_risk=bool(loyalty.churn_risk),
            is_churn_known=is_churn_known,
            recency_ratio=loyalty.recency_ratio,
            is_share_falling=wallet.is_share_falling,
            has_gap=service.contact_gap_breach,
            is_never_contacted=service.contact_gap_breach is not None and service.last_contact_date is None,
            days_since_contact=service.days_since_last_contact,
            longest_gap=service.max_contact_gap_days,
            visits=service.actual_visits,
            planned=service.planned_visits,
            over_service_cost=service.over_service_cost,
            care_cost=care,
            avoidable_cost=None
            if care is None or sums.sales_cost is None
            else max(Decimal("0.00"), sums.sales_cost - care),
            is_hidden_champion=row.small[key].is_hidden_champion,
            customer_type=row.customer_type.get(key),
            potential_contribution=wallet.potential_contribution,
            annual_demand=wallet.annual_demand,
            is_contradicted=wallet.is_contradicted,
            is_duplicated=any(one.is_duplicated for one in wallet.groups),
            blocking_criterion=development.blocking_criterion_id if development else None,
            owner_leaves_on=self._leaving_day(key),
            customer_since=self.since.get(key),
        )

    def _stops(self, key: str) -> tuple[bool, bool]:
        entities, as_of = self.structure.entities.get(key, []), self.row.as_of_date
        blocked = [one.get("blocked_from") for one in entities]
        insolvent = [one.get("insolvent_from") for one in entities]
        return (
            bool(blocked) and all(day is not None and day <= as_of for day in blocked),
            any(day is not None and day <= as_of for day in insolvent),
        )

    def _months_back(self, months: int) -> date:
        return month_end(month_of(self.row.as_of_date) - months)

    def _leaving_day(self, key: str) -> date | None:
        owned = [*self.structure.entities.get(key, []), *self.structure.accounts.get(key, [])]
        days = [self.leaving.get(one.get("owner_rep_key")) for one in owned]
        return min((day for day in days if day is not None), default=None)

    def _care_cost(self, service_zone: str | None) -> Decimal | None:
        rate = self.pools.known_rate(self.limits["field_pool"], self.row.as_of_date)
        if service_zone is None or rate is None:
            return None
        exact = Rules(self.settings).minimum_hours(service_zone) * rate
        return money(divide(exact.numerator, exact.denominator))

    # --- the decision table ------------------------------------------------------------------------------------------

    def _consequence(self, facts: _Facts) -> Consequence:
        unknown: list[str] = []
        action, reason = self._decide(facts, unknown)
        is_asked = action == "reprice" or (facts.status == "active" and (facts.contribution or 0) < 0)
        lever, amount = self._lever(facts) if is_asked else (None, None)
        return Consequence(
            customer_status=facts.status,
            recommended_action=action,
            action_reason=reason,
            action_unknown_inputs=", ".join(unknown),
            is_gap_shown=facts.status != "blocked"
            and action != "reprice"
            and facts.zone in SHOWN
            and facts.override_zone in (None, facts.zone),
            care_cost=facts.care_cost,
            avoidable_cost=facts.avoidable_cost,
            lever=lever,
            lever_amount=amount,
        )

    def _decide(self, facts: _Facts, unknown: list[str]) -> tuple[str, str]:
        """The first row that applies. Generators: what stands below it is never asked."""

        def holds(name: str, value: bool | None) -> bool:
            if value is None and name not in unknown:
                unknown.append(name)
            return bool(value)

        for rows in (_by_status, _by_trust, _by_care, _by_zone, _withdrawn):
            for action, reason in rows(facts, holds):
                return action, reason
        raise AssertionError(facts)

    def _lever(self, facts: _Facts) -> tuple[str | None, Decimal | None]:
        own = self.row.contribution[facts.key]
        parts = {
            "price": self._above(
                own.revenue_deductions, own.gross_list_revenue, "revenue_deductions", "gross_list_revenue"
            ),
            "logistics": self._above(
                own.service_logistics_cost, own.net_revenue, "service_logistics_cost", "net_revenue"
            ),
            "marketing": self._above(own.marketing_cost, own.net_revenue, "marketing_cost", "net_revenue"),
            "effort": facts.avoidable_cost,
        }
        largest = max((part for part in parts.values() if part is not None), default=Decimal(0))
        if largest > 0:
            return next(name for name, part in parts.items() if part == largest), largest
        return (None, None) if None in parts.values() else ("goods", Decimal("0.00"))

    def _above(self, cost: Decimal | None, base: Decimal, cost_name: str, base_name: str) -> Decimal | None:
        costs = [getattr(one, cost_name) for one in self.portfolio]
        whole = sum((in_cents(getattr(one, base_name)) for one in self.portfolio), 0)
        if cost is None or None in costs or whole <= 0:
            return None
        exact = in_cents(cost) - Fraction(in_cents(base) * sum(in_cents(one) for one in costs), whole)
        return money(max(0, divide(exact.numerator, exact.denominator)))

    # --- the work list -----------------------------------------------------------------------------------------------

    def _after(self, limit: str) -> date:
        return self.row.as_of_date + timedelta(days=int(self.limits[f"worklist_{limit}"]))

    def _quarter_end(self) -> date:
        month = month_of(self.row.as_of_date) + 1
        return month_end(month - month % 3 + 2)

    def _tasks(self, facts: _Facts, consequence: Consequence) -> Iterator[Task]:
        for name, amount, kind, due, happened, step in self._applying(facts, consequence):
            yield Task(
                ultimate_parent_id=facts.key,
                task=name,
                money=max(Decimal("0.00"), amount or Decimal("0.00")),
                money_kind=kind,
                due_on=due,
                happened=happened,
                next_step=step,
            )

    def _applying(
        self, facts: _Facts, consequence: Consequence
    ) -> Iterator[tuple[str, Decimal | None, str, date, str, str]]:
        as_of, zone, contribution, worth = (
            self.row.as_of_date,
            facts.in_force,
            facts.contribution,
            facts.potential_contribution,
        )
        leaves, over = facts.owner_leaves_on, facts.over_service_cost
        if leaves is not None and leaves <= as_of + timedelta(days=int(self.limits["handover_notice_days"])):
            happened = "owner_left" if leaves <= as_of else "owner_leaves"
            due = min(leaves, self._after("hand_over_within_days"))
            yield "hand_over", contribution, "at_risk", due, happened, "name_successor"
        if zone == "protection" and (facts.churn_risk or facts.is_share_falling):
            happened = "order_overdue" if facts.churn_risk else "share_falling"
            yield "defend", contribution, "at_risk", self._after("defend_within_days"), happened, "talk_to_decider"
        is_watched = zone in ("protection", "development", "target_lead")
        is_half = zone in ("protection", "development") and bool(facts.visited_too_little)
        if is_half or (is_watched and facts.has_gap):
            days, gap = facts.days_since_contact, facts.longest_gap
            is_long = (
                days is not None and gap is not None and days > int(self.limits["worklist_visit_soon_after_gaps"]) * gap
            )
            due = self._after("visit_soon_within_days" if is_long or facts.is_never_contacted else "visit_within_days")
            happened = "visits_below_half"
            if facts.has_gap:
                happened = "never_contacted" if facts.is_never_contacted else "contact_gap"
            yield "visit", worth if facts.kind == "lead" else contribution, "at_risk", due, happened, "make_visit"
        if zone == "maintain" and facts.churn_risk:
            yield "recover", contribution, "at_risk", self._after("recover_within_days"), "order_overdue", "ask_why"
        earned = facts.contribution_to_last if facts.contribution_to_last is not None else facts.revenue_to_last
        is_recent = facts.last_order is not None and facts.last_order > self._months_back(
            int(self.limits["worklist_win_back_months"])
        )
        if facts.status == "lapsed" and (earned or 0) > 0 and is_recent:
            yield (
                "win_back",
                facts.contribution_to_last,
                "to_win",
                self._after("win_back_within_days"),
                "lapsed",
                "make_offer",
            )
        if zone == "target_lead":
            yield "win", worth, "to_win", self._after("win_within_days"), "target_lead", "plan_acquisition"
        if zone == "development" and facts.zone_status == "confirmed" and facts.blocking_criterion in self.foci:
            yield "unblock", worth, "to_win", self._quarter_end(), "blocking_criterion", "remove_blocker"
        if facts.is_hidden_champion:
            yield "develop_small", worth, "to_win", self._quarter_end(), "hidden_champion", "develop_cheaply"
        if facts.status == "active" and contribution is not None and contribution < 0:
            step = STEPS.get(consequence.lever or "", "find_cause")
            yield "reprice", -contribution, "to_save", self._after("reprice_within_days"), "loss", step
        if over is not None and over > 0 and facts.service_zone in ("maintain", "withdrawal"):
            saved = None if facts.avoidable_cost is None else min(facts.avoidable_cost, over)
            yield "reduce", saved, "to_save", self._quarter_end(), "over_service", "move_channel"
        is_dark = facts.kind == "customer" and facts.zone_status == "unrated" and facts.net_revenue > 0
        if facts.is_rating_due or is_dark:
            happened = "rating_due" if facts.is_rating_due else "unrated"
            yield "rate", facts.net_revenue, "in_the_dark", self._after("rate_within_days"), happened, "rate_criteria"
        if facts.zone_status == "observation":
            due = self._after("onboard_at_least_days")
            if facts.customer_since is not None:
                due = max(due, facts.customer_since + timedelta(days=int(self.limits["worklist_onboard_after_days"])))
            yield "onboard", facts.net_revenue, "in_the_dark", due, "observation", "review_start"
        if facts.is_contradicted or facts.is_duplicated:
            happened, step = (
                ("potential_contradicted", "correct_estimate")
                if facts.is_contradicted
                else ("duplicate_estimate", "remove_duplicate")
            )
            yield "settle", facts.annual_demand, "in_the_dark", self._after("settle_within_days"), happened, step


STEPS = {
    "price": "negotiate_price",
    "logistics": "charge_logistics",
    "marketing": "cut_marketing",
    "effort": "cut_effort",
    "goods": "check_goods",
}
"""What a lever asks for."""


Holds = Callable[[str, bool | None], bool]
Rows = Iterator[tuple[str, str]]


def _by_status(facts: _Facts, holds: Holds) -> Rows:
    """Rows 1 to 6."""
    if facts.status == "blocked":
        yield "blocked", "blocked" if facts.is_blocked else "insolvent"
    if facts.override_zone is not None:
        yield facts.override_zone, "override"
    if facts.status == "never_bought":
        yield "decide_or_delete", "never_bought"
    if facts.zone_status == "observation":
        yield "onboard", "observation"
    if facts.status == "lapsed":
        until, revenue = facts.contribution_to_last, facts.revenue_to_last
        holds("last_order_date", None if facts.last_order is None else True)
        if holds("customer_contribution_to_last_order", None if until is None else until > 0):
            yield "win_back", "lapsed_contribution"
        if until is None and holds("net_revenue_to_last_order", None if revenue is None else revenue > 0):
            yield "win_back", "lapsed_net_revenue"
        yield "let_rest", "lapsed"


def _by_trust(facts: _Facts, _: Holds) -> Rows:
    """Row 7, and the leads of row 20."""
    if facts.kind == "lead" and facts.is_disqualified:
        yield "disqualified_lead", "disqualified_lead"
    if facts.zone_status in ("provisional", "unrated"):
        yield "rate_first", str(facts.zone_status)
    if facts.kind == "lead":
        yield facts.zone, facts.zone


def _by_care(facts: _Facts, holds: Holds) -> Rows:
    """Rows 8 to 10."""
    if facts.zone == "protection":
        if holds("churn_risk", facts.known_churn):
            yield "protection_defend", "churn_risk"
        if holds("is_share_falling", facts.is_share_falling):
            yield "protection_defend", "share_falling"
    if facts.zone in ("protection", "development"):
        if holds("contact_gap_breach", facts.has_gap):
            yield "care_missing", "contact_gap"
        if holds("actual_visits", facts.visited_too_little):
            yield "care_missing", "visits_below_half"
    if facts.zone == "protection":
        yield "protection", "protection"


def _by_zone(facts: _Facts, holds: Holds) -> Rows:
    """Rows 11 to 16."""
    contribution, over = facts.contribution, facts.over_service_cost
    if facts.zone == "maintain" and holds("churn_risk", facts.known_churn):
        yield "recover", "churn_risk"
    if holds("customer_contribution", None if contribution is None else contribution < 0):
        yield "reprice", "loss"
    if facts.zone == "development":
        yield "development", "development"
    if facts.zone == "maintain":
        if holds("over_service_cost", None if over is None else over > 0):
            yield "reduce_effort", "over_service"
        yield "maintain", "maintain"


def _withdrawn(facts: _Facts, holds: Holds) -> Rows:
    """Rows 17 to 19."""
    contribution, kind = facts.contribution, facts.customer_type
    if holds("is_hidden_champion", facts.is_hidden_champion):
        yield "review", "hidden_champion"
    if holds("customer_type", None if kind is None else kind == "star"):
        yield "review", "star"
    if contribution is not None and contribution > 0:
        yield "withdrawal_harvest", "earns_money"
    yield "withdrawal", "withdrawal"
