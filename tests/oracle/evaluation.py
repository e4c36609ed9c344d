"""Putting the method together: one pass over the as-of dates, each handing its state to the next.

Belongs here: the order of the steps. Does not belong here: any formula.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from . import (
    behaviour,
    consequences,
    depth,
    development,
    effort,
    reconciliation,
    sensitivity,
    service,
    value,
    wallet,
    zones,
)
from .arithmetic import in_cents, quotient
from .book import Book
from .contribution import Publisher, Sheet, place_amounts, scored_place
from .inputs import Company, Settings, check_settings
from .periods import month_of, window
from .result import AsOf, Axis, Contribution, Growth, Loyalty, Payment, Result, Sensitivity, Wallet, Zone
from .scoring import InUse, Measures, Scorecards, ratings_in_use
from .structure import Place, Structure, build

AXES = ("potential", "attractiveness")
NO_GROWTH, NO_PAYMENT = Growth(None, None), Payment(None, None, 0, True)


def evaluate(company: Company, settings: Settings, as_of_dates: list[tuple[date, datetime]]) -> Result:
    """The truth about a company at each (as_of_date, known_at), in order of the dates.

    Raises ConfigurationError for settings and DataError for deliveries that the method calls an error, ValueError for
    an as-of date that is no month end.
    """
    check_settings(settings)
    fixed = _Fixed(company, settings)
    before: dict[str, zones.Carry] = {}
    results = []
    for position, (as_of, known_at) in enumerate(sorted(as_of_dates)):
        structure = build(company, as_of)
        if position == 0:
            before = zones.opening(company, structure, as_of)
        row, before = _Date(fixed, structure, as_of, known_at).evaluate(before)
        results.append(row)
    return Result(tuple(results))


def books_of_entities(company: Company, settings: Settings) -> dict[str, Book]:
    """A book of each legal entity; of quarantined rows that name none, one under `unknown`."""
    tables = ("invoice_lines", "direct_costs", "quarantined_invoice_lines", "quarantined_direct_costs")
    rows = {name: getattr(company, name) for name in tables}
    names = {row.get("company_id") or reconciliation.UNKNOWN for name in tables for row in rows[name]}
    nothing = Company(products=company.products, exchange_rates=company.exchange_rates)
    return {
        one: Book(
            replace(
                nothing,
                **{
                    name: [row for row in rows[name] if (row.get("company_id") or reconciliation.UNKNOWN) == one]
                    for name in tables
                },
            ),
            settings,
        )
        for one in sorted(names)
    }


class _Fixed:
    """What does not depend on the as-of date."""

    def __init__(self, company: Company, settings: Settings) -> None:
        self.company, self.settings, self.parameters = company, settings, settings.parameters
        self.book = Book(company, settings)
        self.books = books_of_entities(company, settings)
        self.pools = effort.Pools(settings)
        self.activities = effort.read(company.activities, settings, self.pools)
        self.scorecards = Scorecards(settings)


@dataclass
class _Scored:
    """The scores of one parent and what they were computed from."""

    axes: dict[str, Axis]
    measures: Measures
    ratings: dict[str, InUse]


class _Date:
    """One as-of date."""

    def __init__(self, fixed: _Fixed, structure: Structure, as_of: date, known_at: datetime) -> None:
        self.fixed, self.structure, self.as_of, self.known_at = fixed, structure, as_of, known_at
        self.book, self.parameters, self.months = fixed.book, fixed.parameters, window(as_of)
        self.effort = effort.count(fixed.activities, structure, as_of, known_at)
        self.depth = depth.find(self.book, fixed.settings, structure, self.months)
        self.sheet: Sheet = place_amounts(self.book, structure, self.effort, month_of(as_of), self.depth)
        self.places = {parent: scored_place(structure, parent) for parent in structure.scored()}
        self.customers = structure.customers()
        self.accounts = {p: [row["account_id"] for row in structure.accounts.get(p, [])] for p in self.places}

    def evaluate(self, before: dict[str, zones.Carry]) -> tuple[AsOf, dict[str, zones.Carry]]:
        """Everything of the date, and the state for the next one."""
        fixed, settings, structure, as_of = self.fixed, self.fixed.settings, self.structure, self.as_of
        publisher = Publisher(self.sheet, self.effort, fixed.pools, settings, structure, as_of, self.depth)
        contribution = {p: publisher.window(place, is_scored=True) for p, place in self.places.items()}
        others = {
            place for place in (*self.sheet.months, *structure.places.values()) if place not in self.places.values()
        }
        intercompany = {
            place.parent_id: publisher.window(place, is_scored=False)
            for place in sorted(others)
            if place.column == "intercompany"
        }
        unassigned = {
            place.parent_id: publisher.window(place, is_scored=False)
            for place in sorted(others)
            if place.column == "unassigned"
        }
        wallets = self._wallets()
        growth, payment, loyalty = self._behaviour(contribution)
        credit = {p: self._credit_index(p) for p in self.places}
        penetration = {p: self._penetration(p) for p in self.places}
        scored = self._scores(contribution, wallets, growth, payment, loyalty, credit, penetration)
        zone_rows, carries = self._zones(scored, wallets, loyalty, before)
        for parent, sums in contribution.items():
            carries[parent] = replace(carries[parent], contribution_4=sums.contribution_4)
        axes = {(p, axis): found for p, one in scored.items() for axis, found in one.axes.items()}
        of_customers = {p: contribution[p] for p in self.customers}
        judged = {
            p: row.customer_contribution for p, row in of_customers.items() if row.customer_contribution is not None
        }
        curve, summary = value.whale(judged)
        threshold = value.small_threshold(
            of_customers,
            fixed.pools.known_rate(self.parameters["field_pool"], as_of),
            fixed.pools.known_rate(self.parameters["inside_pool"], as_of),
            self.parameters,
        )
        logged = {p for p, place in self.places.items() if self._is_logged(place)}
        if self.depth.is_delivered("sales"):
            reliable = service.reliability(zone_rows, contribution, logged, settings)
            contribution = {p: replace(row, contribution_reliability=reliable[p]) for p, row in contribution.items()}
        hours, allocation = service.allocate(zone_rows, wallets, fixed.pools, settings, as_of)
        row = AsOf(
            as_of_date=as_of,
            known_at=self.known_at,
            relationship_type={p: structure.kinds[p] for p in self.places},
            contribution=contribution,
            contribution_intercompany=intercompany,
            unassigned=unassigned,
            contribution_month={
                k: v for p, place in self.places.items() for k, v in publisher.monthly(p, place).items()
            },
            reconciliation=reconciliation.reconcile(
                fixed.company.ledger_totals,
                self._sheets_of_entities(),
                fixed.books,
                self.effort,
                fixed.pools,
                settings,
                as_of,
                self.depth,
                self.book.first_month,
            ),
            activity_quality=effort.check(
                fixed.activities, structure, as_of, self.known_at, self.parameters["backdated_after_days"]
            ),
            capacity=effort.capacity(self.effort, fixed.pools, as_of, self.depth.is_delivered("sales")),
            wallet=wallets,
            growth=growth,
            payment=payment,
            loyalty=loyalty,
            credit_index=credit,
            penetration_ratio=penetration,
            axes=axes,
            zone=zone_rows,
            sensitivity={p: self._sensitivity(p, scored[p], zone_rows[p]) for p in self.places},
            customer_type={p: self._type(p, scored[p]) for p in self.places},
            value=value.values(of_customers, axes, wallets, growth, loyalty, credit, self.parameters),
            whale_curve=curve,
            whale_summary=summary,
            small_threshold=threshold,
            small={
                p: value.small(
                    contribution[p].net_revenue,
                    wallets[p].potential_revenue,
                    self._is_lead(p),
                    threshold.threshold_revenue,
                )
                for p in self.places
            },
            service=service.levels(
                self.places, zone_rows, contribution, hours, self.effort, fixed.pools, settings, as_of
            ),
            allocation=allocation,
            field_pool=self.parameters["field_pool"],
            development={
                p: development.development(scored[p].axes["attractiveness"], self.parameters)
                for p in self.places
                if zone_rows[p].zone == "development"
            },
            zone_change=development.zone_change(self.customers, before, zone_rows, contribution),
            problems=self._problems(threshold.threshold_revenue is None),
        )
        since = {p: behaviour.first_invoice(self.book, structure, p, as_of) for p in self.customers}
        consequence, tasks = consequences.Consequences(
            row, fixed.company, structure, settings, fixed.pools, since
        ).evaluate()
        return replace(row, consequence=consequence, tasks=tasks), before | carries

    def _is_logged(self, place: Place) -> bool:
        """Whether any activity of the window is counted on a place."""
        return place in self.effort.last_contact

    def _sheets_of_entities(self) -> dict[str, Sheet]:
        nothing = effort.Effort()
        return {
            name: place_amounts(book, self.structure, nothing, month_of(self.as_of), self.depth)
            for name, book in self.fixed.books.items()
        }

    def _is_lead(self, parent: str) -> bool:
        return self.structure.kinds[parent] == "lead"

    def _wallets(self) -> dict[str, Wallet]:
        sums = {p: self.sheet.sums(place, self.months) for p, place in self.places.items()}
        fallback = wallet.portfolio_ratio([sums[p] for p in self.customers])
        wallets = {
            p: wallet.evaluate_wallet(
                self.book,
                self.accounts[p],
                sums[p],
                self.sheet.net_per_group(place, self.months),
                fallback,
                self.as_of,
                self.known_at,
                self.parameters,
            )
            for p, place in self.places.items()
        }
        if self.depth.is_known("cogs"):
            return wallets
        return {p: replace(one, potential_contribution=None) for p, one in wallets.items()}

    def _behaviour(
        self, contribution: dict[str, Contribution]
    ) -> tuple[dict[str, Growth], dict[str, Payment], dict[str, Loyalty]]:
        members = {p: self.structure.members.get(p, []) for p in self.customers}
        rhythms = {p: behaviour.rhythm(self.book, members[p], self.as_of) for p in self.customers}
        repeats = behaviour.Repeats(rhythms.values(), self.parameters["repeat_min_gaps"])
        growth: dict[str, Growth] = dict.fromkeys(self.places, NO_GROWTH)
        payment: dict[str, Payment] = dict.fromkeys(self.places, NO_PAYMENT)
        loyalty: dict[str, Loyalty] = dict.fromkeys(self.places, behaviour.NO_LOYALTY)
        for p in self.customers:
            end = in_cents(contribution[p].net_revenue)
            growth[p] = behaviour.growth(self.book, self.sheet, self.structure, self.places[p], self.as_of, end)
            items = [item for member in members[p] for item in self.book.items.get(member, ())]
            payment[p] = behaviour.payment(items, self.as_of, self.parameters["low_payment_items_below"])
            years = behaviour.tenure(self.book, self.structure, p, self.as_of)
            loyalty[p] = behaviour.loyalty(rhythms[p], years, repeats, self.fixed.settings)
        return growth, payment, loyalty

    def _credit_index(self, parent: str) -> int | None:
        rows = self.structure.entities.get(parent, [])
        return max((row["credit_index"] for row in rows if row.get("credit_index") is not None), default=None)

    def _penetration(self, parent: str) -> Decimal | None:
        net = self.sheet.net_per_group(self.places[parent], self.months)
        bought = sum(amount > 0 for group, amount in net.items() if group is not None)
        offered = sum(first is None or first <= self.as_of for first in self.book.offered_groups.values())
        return quotient(bought, offered)

    def _scores(
        self,
        contribution: dict[str, Contribution],
        wallets: dict[str, Wallet],
        growth: dict[str, Growth],
        payment: dict[str, Payment],
        loyalty: dict[str, Loyalty],
        credit: dict[str, int | None],
        penetration: dict[str, Decimal | None],
    ) -> dict[str, _Scored]:
        scored = {}
        for p in self.places:
            measures: Measures = {
                "achievable_gap": wallets[p].achievable_gap,
                "annual_demand": wallets[p].annual_demand,
                "sow_capped_ratio": wallets[p].sow_capped_ratio,
                "revenue_cagr_3y": growth[p].revenue_cagr_3y,
                "revenue_yoy": growth[p].revenue_yoy,
                "contribution_4": contribution[p].customer_contribution,
                "contribution_4_margin_ratio": contribution[p].customer_contribution_margin_ratio,
                "customer_contribution": contribution[p].customer_contribution,
                "customer_contribution_margin_ratio": contribution[p].customer_contribution_margin_ratio,
                "net_revenue": contribution[p].net_revenue,
                "price_realisation_ratio": contribution[p].price_realisation_ratio,
                "weighted_days_beyond_terms": payment[p].weighted_days_beyond_terms,
                "payment_deviation_days": payment[p].payment_deviation_days,
                "tenure_years": loyalty[p].tenure_years,
                "recency_ratio": loyalty[p].recency_ratio,
                "order_regularity": loyalty[p].order_regularity,
                "loyalty_level": loyalty[p].loyalty_level,
                "credit_index": credit[p],
                "penetration_ratio": penetration[p],
            }
            ratings = ratings_in_use(
                self.book, self.accounts[p], self.as_of, self.known_at, self.parameters["stale_after_days"]
            )
            card = self.structure.kinds[p]
            cards = self.fixed.scorecards
            axes = {axis: cards.evaluate(card, axis, measures, ratings) for axis in cards.axes(card)}
            scored[p] = _Scored(axes, measures, ratings)
        return scored

    def _zones(
        self,
        scored: dict[str, _Scored],
        wallets: dict[str, Wallet],
        loyalty: dict[str, Loyalty],
        before: dict[str, zones.Carry],
    ) -> tuple[dict[str, Zone], dict[str, zones.Carry]]:
        overrides = zones.active_override(self.fixed.company, self.structure, self.as_of, self.known_at)
        rows, carries = {}, {}
        for p, one in scored.items():
            override = overrides.get(p)
            facts = zones.Facts(
                is_lead=self._is_lead(p),
                is_disqualified=self.structure.is_disqualified(p),
                tenure_years=loyalty[p].tenure_years,
                invoices=behaviour.invoices(self.book, self.structure, p, self.as_of),
                is_contradicted=wallets[p].is_contradicted,
                has_stale_potential=wallets[p].is_stale,
                has_stale_ratings=self._has_stale_ratings(p, one),
                is_reset=zones.is_reset(
                    self.fixed.company, self.structure, p, self.as_of, self.known_at, before.get(p)
                ),
                override=override,
                key_account=zones.key_account(self.structure, p),
            )
            rows[p], carries[p] = zones.decide(
                self.as_of, one.axes["potential"], one.axes["attractiveness"], facts, before.get(p), self.parameters
            )
        return rows, carries

    def _has_stale_ratings(self, parent: str, one: _Scored) -> bool:
        cards, card = self.fixed.scorecards, self.structure.kinds[parent]
        rated = [
            row["criterion_id"] for axis in AXES for row in cards.criteria(card, axis) if row["method"] == "rating"
        ]
        return any(one.ratings[criterion].is_stale for criterion in rated if criterion in one.ratings)

    def _sensitivity(self, parent: str, one: _Scored, zone: Zone) -> Sensitivity:
        cards, card = self.fixed.scorecards, self.structure.kinds[parent]
        potential, attractiveness = (cards.exact_levels(card, axis, one.measures, one.ratings) for axis in AXES)
        return sensitivity.evaluate_sensitivity(
            zone,
            self._is_lead(parent),
            self.structure.is_disqualified(parent),
            (one.axes["potential"], one.axes["attractiveness"]),
            (potential, attractiveness),
            [row["threshold"] for row in self.fixed.settings.sensitivity_thresholds],
            self.parameters,
        )

    def _type(self, parent: str, one: _Scored) -> str | None:
        if self._is_lead(parent):
            return None
        return value.customer_type(one.axes["value_of_customer"], one.axes["value_to_customer"], self.parameters)

    def _problems(self, has_no_threshold: bool) -> tuple[str, ...]:
        missing = sorted({one for one in self.book.fx_missing if one.rate_date <= self.as_of})
        problems = [f"fx_missing: {one.table} {one.currency_code} {one.rate_date}" for one in missing]
        if has_no_threshold:
            problems.append("small customers: the DB II ratio does not exceed the target DB III ratio")
        return tuple(problems)
