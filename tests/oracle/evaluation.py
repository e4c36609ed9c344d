"""Putting the method together: for every as-of date a pass over the months it is judged by, each handing its state to the next.

Belongs here: the order of the steps. Does not belong here: any formula.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from . import (
    behaviour,
    campaigns,
    claims,
    consequences,
    depth,
    development,
    effort,
    potential_check,
    reconciliation,
    sensitivity,
    service,
    soft,
    value,
    wallet,
    zones,
)
from .arithmetic import in_cents, money, quotient
from .book import Book
from .contribution import Publisher, Sheet, known_levels, place_amounts, scored_place
from .inputs import Company, Settings, check_settings
from .periods import judged_months, month_end, month_of, window
from .result import (
    AsOf,
    Axis,
    Contribution,
    Earlier,
    Growth,
    Loyalty,
    Payment,
    Result,
    Sensitivity,
    ToLastOrder,
    Wallet,
    Zone,
)
from .scoring import InUse, Measures, Scorecards, late_ratings, ratings_in_use
from .structure import Structure, build

AXES = ("potential", "attractiveness")
NO_GROWTH, NO_PAYMENT = Growth(None, None), Payment(None, None, 0, True)


def evaluate(company: Company, settings: Settings, as_of_dates: list[tuple[date, datetime]]) -> Result:
    """The truth about a company at each (as_of_date, known_at), in order of the dates.

    Raises ConfigurationError for settings and DataError for deliveries that the method calls an error, ValueError for
    an as-of date that is no month end.
    """
    check_settings(settings)
    fixed = _Fixed(company, settings)
    first_posting = min((row["posting_date"] for row in company.invoice_lines), default=None)
    openings = [row["as_of_date"] for row in company.opening_portfolio]
    months: dict[tuple[date, datetime], _Date] = {}
    results = []
    latest = max(as_of for as_of, _ in as_of_dates)
    for as_of, known_at in sorted(as_of_dates):
        judged = judged_months(as_of, first_posting, openings, settings.judging)
        for day in judged:
            if (day, known_at) not in months:
                months[day, known_at] = _Date(fixed, build(company, day), day, known_at)
        before = zones.opening(company, months[judged[0], known_at].structure, judged[0])
        earlier: Earlier | None = None
        for day in judged[:-1]:
            rows, before = months[day, known_at].judge(before, judged[0])
            if day == month_end(month_of(as_of) - 12):
                earlier = Earlier(rows, months[day, known_at].inputs.contribution)
        row = months[as_of, known_at].evaluate(before, judged[0], earlier, is_latest=as_of == latest)
        results.append(replace(row, claims=claims.claims(company, row, earlier, settings.parameters)))
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
    without_late: tuple[Axis, Axis] | None
    """Potential and attractiveness without the late ratings, where there are any."""


@dataclass
class _Inputs:
    """What the zones of a month stand on, whatever stood before."""

    contribution: dict[str, Contribution]
    wallets: dict[str, Wallet]
    growth: dict[str, Growth]
    payment: dict[str, Payment]
    loyalty: dict[str, Loyalty]
    credit: dict[str, int | None]
    penetration: dict[str, Decimal | None]
    scored: dict[str, _Scored]


class _Date:
    """One judged month; an as-of date is one."""

    def __init__(self, fixed: _Fixed, structure: Structure, as_of: date, known_at: datetime) -> None:
        self.fixed, self.structure, self.as_of, self.known_at = fixed, structure, as_of, known_at
        self.book, self.parameters, self.months = fixed.book, fixed.parameters, window(as_of)
        self.effort = effort.count(fixed.activities, structure, as_of, known_at)
        self.depth = depth.find(self.book, fixed.settings, structure, self.months)
        self.sheet: Sheet = place_amounts(self.book, structure, self.effort, month_of(as_of), self.depth)
        self.places = {parent: scored_place(structure, parent) for parent in structure.scored()}
        self.customers = structure.customers()
        within = self.parameters["tenure_censored_within_days"]
        self.tenures = {p: behaviour.tenure(self.book, structure, p, as_of, within) for p in self.customers}
        self.never_bought = {p for p, one in self.tenures.items() if one.since is None}
        self.accounts = {p: [row["account_id"] for row in structure.accounts.get(p, [])] for p in self.places}

    @cached_property
    def publisher(self) -> Publisher:
        """The amounts of the months up to this one."""
        return Publisher(
            self.sheet, self.effort, self.fixed.pools, self.fixed.settings, self.structure, self.as_of, self.depth
        )

    @cached_property
    def inputs(self) -> _Inputs:
        """Scores and what they stand on."""
        contribution = {p: self.publisher.window(place, is_scored=True) for p, place in self.places.items()}
        wallets = self._wallets()
        growth, payment, loyalty = self._behaviour(contribution)
        credit = {p: self._credit_index(p) for p in self.places}
        penetration = {p: self._penetration(p) for p in self.places}
        scored = self._scores(contribution, wallets, growth, payment, loyalty, credit, penetration)
        return _Inputs(contribution, wallets, growth, payment, loyalty, credit, penetration, scored)

    def judge(
        self, before: dict[str, zones.Carry], judged_from: date
    ) -> tuple[dict[str, Zone], dict[str, zones.Carry]]:
        """The zones of this month, and the state after it."""
        found = self.inputs
        rows, carries = self._zones(found.scored, found.wallets, found.loyalty, before, judged_from)
        for parent, sums in found.contribution.items():
            carries[parent] = replace(carries[parent], contribution_4=sums.contribution_4)
        return rows, before | carries

    def evaluate(
        self, before: dict[str, zones.Carry], judged_from: date, earlier: Earlier | None, *, is_latest: bool
    ) -> AsOf:
        """Everything of the date; `earlier` is the month 12 months before, where it is judged."""
        fixed, settings, structure, as_of = self.fixed, self.fixed.settings, self.structure, self.as_of
        publisher, found = self.publisher, self.inputs
        contribution, wallets, scored, loyalty = found.contribution, found.wallets, found.scored, found.loyalty
        growth, payment, credit, penetration = found.growth, found.payment, found.credit, found.penetration
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
        zone_rows, _ = self.judge(before, judged_from)
        axes = {(p, axis): found for p, one in scored.items() for axis, found in one.axes.items()}
        of_customers = {p: contribution[p] for p in self.customers if p not in self.never_bought}
        observed = {p for p, row in zone_rows.items() if row.zone_status == "observation"}
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
        logged = {p for p, place in self.places.items() if place in self.effort.logged}
        if self.depth.is_delivered("sales"):
            reliable = service.reliability(zone_rows, contribution, logged, settings)
            contribution = {p: replace(row, contribution_reliability=reliable[p]) for p, row in contribution.items()}
        hours, allocation = service.allocate(zone_rows, wallets, fixed.pools, settings, as_of)
        starts = (
            development.opening_starts(fixed.company, structure, as_of) if self.depth.contribution_depth == 4 else None
        )
        if earlier is not None:
            starts = {p: (zone.zone, earlier.contribution[p].customer_contribution) for p, zone in earlier.zone.items()}
        if not is_latest:
            starts = None
        first_months = [month for by_month in self.book.lines.values() for month in by_month]
        effects = campaigns.effects(
            fixed.company,
            structure,
            self.sheet,
            self.depth.contribution_depth,
            as_of,
            min(first_months, default=None),
            self.parameters,
        )
        row = AsOf(
            as_of_date=as_of,
            known_at=self.known_at,
            relationship_type={p: structure.kinds[p] for p in self.places},
            customer_status={p: self._status(p, p in observed) for p in self.places},
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
            sensitivity={p: self._sensitivity(p, scored[p], zone_rows[p]) for p in scored},
            customer_type={p: self._type(p, scored[p]) if p in scored else None for p in self.places},
            value=value.values(of_customers, axes, wallets, growth, loyalty, credit, observed, self.parameters),
            whale_curve=curve,
            whale_summary=summary,
            small_threshold=threshold,
            small={
                p: value.small(
                    contribution[p].net_revenue,
                    wallets[p].potential_revenue,
                    self._is_lead(p),
                    None if p in self.never_bought else threshold.threshold_revenue,
                )
                for p in self.places
            },
            service=service.levels(
                self.places,
                zone_rows,
                contribution,
                hours,
                self.effort,
                fixed.pools,
                settings,
                as_of,
                self.never_bought,
                self.book.has_activities,
            ),
            allocation=allocation,
            field_pool=self.parameters["field_pool"],
            development={
                p: development.development(scored[p].axes["attractiveness"], self.parameters)
                for p in self.places
                if zone_rows[p].zone == "development"
            },
            zone_change=development.zone_change(self.customers, before, zone_rows, contribution, starts),
            visits={p: self.effort.visits.get(place, 0) for p, place in self.places.items()},
            campaigns=effects,
            steps=campaigns.steps(effects, fixed.company, as_of, self.parameters),
            problems=self._problems(threshold.threshold_revenue is None),
        )
        margins = {p: value.margin_level(fixed.scorecards, scored[p].axes["value_of_customer"]) for p in of_customers}
        row = replace(
            row,
            to_last_order=self._to_last_order(loyalty),
            loyalty_profit=value.loyalty_profit(of_customers, loyalty, margins, self.parameters),
            potential_check=potential_check.checks(self._potential(row)),
        )
        since = {p: one.since for p, one in self.tenures.items()}
        consequence, tasks = consequences.Consequences(
            row, fixed.company, structure, settings, fixed.pools, since
        ).evaluate()
        return replace(row, consequence=consequence, tasks=tasks)

    def _potential(self, row: AsOf) -> potential_check.Asked:
        """What the potential check stands on."""
        first = self.book.first_month
        heads = {
            p: sorted(self.structure.entities[p], key=lambda e: (e["customer_id"] != p, e["customer_id"]))
            for p in self.customers
        }
        before = range(self.months[0] - 12, self.months[0])
        offered = self.book.offered_groups.values()
        return potential_check.Asked(
            customers=self.customers,
            contribution=row.contribution,
            value=row.value,
            wallet={p: row.wallet[p] for p in self.customers},
            zone=row.zone,
            status=row.customer_status,
            accounts={p: len(self.accounts[p]) for p in self.customers},
            industry={p: heads[p][0].get("industry_code") for p in self.customers},
            now={p: self.sheet.net_per_group(self.places[p], self.months) for p in self.customers},
            before={p: self.sheet.net_per_group(self.places[p], before) for p in self.customers},
            is_before_delivered=first is not None and first <= month_of(self.as_of) - 23,
            is_any_group_offered=any(day is None or day <= self.as_of for day in offered),
            minimum=self.parameters["repeat_min_n"],
        )

    def _to_last_order(self, loyalty: dict[str, Loyalty]) -> dict[str, ToLastOrder]:
        """The 12 calendar months that end with the month of the last order; a contribution only where they are wholly delivered."""
        delivered = min((month for months in self.book.lines.values() for month in months), default=None)
        found, depth = {}, self.depth.contribution_depth
        for p in self.customers:
            since = loyalty[p].days_since_last_order
            if since is None:
                continue
            last = self.as_of - timedelta(days=since)
            months = range(month_of(last) - 11, month_of(last) + 1)
            sums = self.sheet.sums(self.places[p], months)
            is_known = depth > 0 and delivered is not None and months[0] >= delivered
            judged = known_levels(sums, depth)[depth - 1] if is_known else None
            found[p] = ToLastOrder(None if judged is None else money(judged), money(sums.net))
        return found

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
                self._erp_customers(p),
                sums[p],
                self.sheet.net_per_group(place, self.months),
                self.sheet.net_per_group(place, range(self.months[0] - 12, self.months[0])),
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

    def _erp_customers(self, parent: str) -> dict[str, str | None]:
        """The parent's accounts and whose they are in the ERP; None for a lead's."""
        return {
            row["account_id"]: self.structure.survivors.get(row.get("customer_id") or "")
            for row in self.structure.accounts.get(parent, [])
        }

    def _behaviour(
        self, contribution: dict[str, Contribution]
    ) -> tuple[dict[str, Growth], dict[str, Payment], dict[str, Loyalty]]:
        members = {p: self.structure.members.get(p, []) for p in self.customers}
        self.rhythms = {p: behaviour.rhythm(self.book, members[p], self.as_of) for p in self.customers}
        barred = {p: self._barred_from(p) for p in self.customers}
        repeats = behaviour.repeats(
            self.book, self.rhythms, barred, self.never_bought, self.as_of, self.parameters["repeat_min_n"]
        )
        growth: dict[str, Growth] = dict.fromkeys(self.places, NO_GROWTH)
        payment: dict[str, Payment] = dict.fromkeys(self.places, NO_PAYMENT)
        basis = self.book.order_basis
        loyalty: dict[str, Loyalty] = dict.fromkeys(self.places, behaviour.no_loyalty(basis))
        for p in self.customers:
            end = in_cents(contribution[p].net_revenue)
            growth[p] = behaviour.growth(self.book, self.sheet, self.structure, self.places[p], self.as_of, end)
            items = [item for member in members[p] for item in self.book.items.get(member, ())]
            payment[p] = behaviour.payment(items, self.as_of, self.parameters["low_payment_items_below"])
            loyalty[p] = behaviour.loyalty(self.rhythms[p], self.tenures[p], repeats[p], basis, self.fixed.settings)
        return growth, payment, loyalty

    def _barred_from(self, parent: str) -> date | None:
        """The first day on which every entity is blocked, or one is insolvent."""
        rows = self.structure.entities.get(parent, [])
        days = [row["insolvent_from"] for row in rows if row.get("insolvent_from") is not None]
        blocked = [row.get("blocked_from") for row in rows]
        if rows and all(blocked):
            days.append(max(day for day in blocked if day is not None))
        return min(days, default=None)

    def _status(self, parent: str, is_observed: bool) -> str:
        barred = self._barred_from(parent)
        return behaviour.status(
            self._is_lead(parent),
            barred is not None and barred <= self.as_of,
            is_observed,
            self.tenures.get(parent, behaviour.Tenure(None, None, None)),
            self.rhythms.get(parent, behaviour.Rhythm(None, [], None)),
            self.as_of,
            self.parameters["lapsed_after_months"],
        )

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
            if p in self.never_bought:
                continue
            measures: Measures = {
                "achievable_gap": wallets[p].achievable_gap,
                "annual_demand": wallets[p].annual_demand,
                "sow_capped_ratio": wallets[p].sow_capped_ratio,
                "sow_raw_ratio": wallets[p].sow_raw_ratio,
                "potential_revenue": wallets[p].potential_revenue,
                "potential_contribution": wallets[p].potential_contribution,
                "sow_change_ratio": wallets[p].sow_change_ratio,
                "revenue_cagr_3y": growth[p].revenue_cagr_3y,
                "revenue_yoy": growth[p].revenue_yoy,
                "contribution_4": contribution[p].customer_contribution,
                "contribution_4_margin_ratio": contribution[p].customer_contribution_margin_ratio,
                "customer_contribution": contribution[p].customer_contribution,
                "customer_contribution_margin_ratio": contribution[p].customer_contribution_margin_ratio,
                "net_revenue": contribution[p].net_revenue,
                "price_realisation_ratio": contribution[p].price_realisation_ratio,
                "discount_rate_ratio": contribution[p].discount_rate_ratio,
                "weighted_days_beyond_terms": payment[p].weighted_days_beyond_terms,
                "payment_deviation_days": payment[p].payment_deviation_days,
                "tenure_years": loyalty[p].tenure_years,
                "recency_ratio": loyalty[p].recency_ratio,
                "order_regularity": loyalty[p].order_regularity,
                "loyalty_level": loyalty[p].loyalty_level,
                "credit_index": credit[p],
                "penetration_ratio": penetration[p],
                "repeat_probability": loyalty[p].repeat_probability,
                **self._soft_factors(p),
            }
            ratings = ratings_in_use(
                self.book, self.accounts[p], self.as_of, self.known_at, self.parameters["stale_after_days"]
            )
            card = self.structure.kinds[p]
            cards = self.fixed.scorecards
            axes = {axis: cards.evaluate(card, axis, measures, ratings) for axis in cards.axes(card)}
            scored[p] = _Scored(axes, measures, ratings, self._without_late(p, measures))
        return scored

    def _soft_factors(self, parent: str) -> soft.Figures:
        company, members = self.fixed.company, self.structure.members.get(parent, [])
        told = soft.of_accounts(company, self.book, self.structure.accounts.get(parent, []), self.as_of)
        return told | soft.of_orders(company, members, self.months, self.as_of)

    def _without_late(self, parent: str, measures: Measures) -> tuple[Axis, Axis] | None:
        """Both axes as if nobody had rated since the cut-off; None if nobody did."""
        cards, card, cutoff = self.fixed.scorecards, self.structure.kinds[parent], self.fixed.settings.judging
        rated = {
            row["criterion_id"] for axis in AXES for row in cards.criteria(card, axis) if row["method"] == "rating"
        }
        accounts, days = self.accounts[parent], cutoff.rating_cutoff_days
        if not late_ratings(self.book, accounts, rated, self.as_of, self.known_at, days):
            return None
        ratings = ratings_in_use(
            self.book, accounts, self.as_of, self.known_at, self.parameters["stale_after_days"], without_late=days
        )
        potential, attractiveness = (cards.evaluate(card, axis, measures, ratings) for axis in AXES)
        return potential, attractiveness

    def _zones(
        self,
        scored: dict[str, _Scored],
        wallets: dict[str, Wallet],
        loyalty: dict[str, Loyalty],
        before: dict[str, zones.Carry],
        judged_from: date,
    ) -> tuple[dict[str, Zone], dict[str, zones.Carry]]:
        overrides = zones.active_override(
            self.fixed.company, self.fixed.settings, self.structure, self.as_of, self.known_at
        )
        rows, carries = {}, {}
        for p in self.places:
            override = overrides.get(p)
            if p in self.never_bought:
                key_account = zones.key_account(self.structure, p)
                rows[p], carries[p] = zones.never_bought(
                    self.as_of, override, key_account, before.get(p), self.as_of == judged_from
                )
                continue
            one = scored[p]
            facts = zones.Facts(
                is_lead=self._is_lead(p),
                is_disqualified=self.structure.is_disqualified(p),
                tenure_years=loyalty[p].tenure_years,
                is_tenure_censored=bool(loyalty[p].is_tenure_censored),
                invoices=behaviour.invoices(self.book, self.structure, p, self.as_of),
                is_contradicted=bool(wallets[p].is_contradicted),
                has_stale_potential=bool(wallets[p].is_stale),
                has_stale_ratings=self._has_stale_ratings(p, one),
                without_late=one.without_late,
                is_first_month=self.as_of == judged_from,
                is_reset=zones.is_reset(
                    self.fixed.company,
                    self.fixed.settings,
                    self.structure,
                    p,
                    self.as_of,
                    self.known_at,
                    before.get(p),
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
