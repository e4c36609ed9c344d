"""Small companies, generated: the same seed and kind give the same company for ever.

Belongs here: which rows a company has, ordinary ones and those of a nasty kind. Not here: settings (methods.py), what
follows from the rows. Amounts, days and levels are drawn from few values on purpose, so that ties, exact bounds and
zeros are frequent and not an accident.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pipelines.settings.tables import COSTS
from tests.generated.compiled import Batch, Delivered, Replay
from tests.generated.methods import VARIATIONS, Tables, method, softened
from tests.oracle.inputs import Company, Judging, Settings
from tests.oracle.periods import label, month_end, month_of, month_start

Row = dict[str, Any]
GROUPS = ("pumps", "valves", "seals", "services")
RATED = ("future_demand", "access_decision_makers", "process_maturity", "chemistry", "strategy_clarity")
FELT = ("perceived_benefit", "satisfaction", "loyalty")
FOREIGN = ("CHF", "USD")
SEEN_AS = ("basic", "differentiating", "delighting", "fascinating")
LAST_DATES = ("2025-06-30", "2025-12-31", "2024-02-29", "2025-03-31", "2025-11-30")
QUARANTINED = {"quarantined_invoice_lines": "invoice_lines", "quarantined_direct_costs": "direct_costs"}


@dataclass(frozen=True)
class Traits:
    """How often something happens in a company (shares of what it could happen to), and how."""

    parents: tuple[int, int] = (3, 7)
    dates: tuple[int, int] = (1, 3)
    lead_accounts: tuple[int, int] = (0, 2)
    lead_customers: float = 0.08
    own_companies: float = 0.1
    entities: tuple[int, int] = (0, 2)
    chain: float = 0.3
    group_node: float = 0.15
    links_end: float = 0.15
    merged: float = 0.15
    no_account: float = 0.15
    two_accounts: float = 0.2
    disqualified: float = 0.15
    no_invoices: float = 0.15
    lines: tuple[int, int] = (1, 9)
    deep_history: float = 0.5
    negative: float = 0.12
    amounts: str = "mixed"
    foreign: float = 0.2
    local_net: float = 0.4
    unknown: float = 0.08
    quarantined: float = 0.5
    no_group: float = 0.05
    orders: float = 0.75
    items: float = 0.7
    direct_costs: float = 0.6
    ledger: str = "any"
    revenue_history: float = 0.3
    opening: float = 0.4
    activities: float = 0.75
    duplicates: float = 0.2
    unknown_types: float = 0.05
    late: float = 0.15
    rated: float = 0.8
    unknown_level: float = 0.12
    raters: tuple[int, int] = (1, 3)
    by_customer: float = 0.2
    old: float = 0.1
    estimated: float = 0.65
    zero_demand: float = 0.1
    repeated: float = 0.2
    overrides: float = 0.12
    insolvent: float = 0.06
    young: float = 0.12
    key_accounts: float = 0.25
    same_knowledge: float = 0.5
    own_method: float = 0.7


NASTY: Mapping[str, Traits] = {
    "negative_revenue": Traits(negative=0.7, lines=(2, 6)),
    "zero_demand": Traits(estimated=1, zero_demand=0.7),
    "ties_everywhere": Traits(
        parents=(6, 10), amounts="equal", entities=(0, 0), rated=1, raters=(1, 1), foreign=0, estimated=1
    ),
    "exact_bounds": Traits(amounts="bounds", foreign=0, estimated=1, rated=1, unknown_level=0, old=0, entities=(0, 1)),
    "same_estimates": Traits(estimated=1, repeated=0.8, two_accounts=0.9, parents=(2, 4), dates=(2, 3), lines=(6, 14)),
    "no_crm": Traits(no_account=1, lead_accounts=(0, 0), overrides=0, rated=0, estimated=0, activities=0),
    "unrated": Traits(rated=0, estimated=0.3),
    "never_invoiced": Traits(no_invoices=0.8),
    "no_invoice_at_all": Traits(no_invoices=1, unknown=0, quarantined=0),
    "leads_only": Traits(parents=(0, 0), lead_accounts=(3, 6), unknown=0.3),
    "single_customer": Traits(parents=(1, 1), lead_accounts=(0, 0), entities=(0, 0), own_companies=0),
    "huge_amounts": Traits(amounts="huge", foreign=0.3),
    "half_cents": Traits(amounts="odd", foreign=0.9, local_net=0.6, lines=(3, 9)),
    "late_knowledge": Traits(late=0.6, same_knowledge=0, dates=(3, 3), rated=1, estimated=1),
    "backdated": Traits(late=0.8, same_knowledge=1, raters=(2, 4), rated=1),
    "overrides": Traits(overrides=0.9, dates=(3, 3), opening=0.7),
    "merges": Traits(merged=0.9, links_end=0.4, dates=(3, 3), opening=0.8),
    "deep_groups": Traits(parents=(1, 3), entities=(7, 9), chain=1, group_node=0.4, merged=0.2),
    "duplicates": Traits(duplicates=0.9, activities=1),
    "opening_only": Traits(opening=1, dates=(1, 2), insolvent=0.3),
    "own_companies": Traits(own_companies=0.6, unknown=0.3, entities=(1, 3)),
    "new_customers": Traits(young=0.7, dates=(3, 3)),
    "old_ratings": Traits(old=0.7, rated=1, estimated=1),
    "rhythms": Traits(orders=1, parents=(4, 8), dates=(1, 2)),
    "ledger_by_year": Traits(ledger="year"),
    "ledger_mixed": Traits(ledger="mixed", quarantined=1),
    "foreign_only": Traits(foreign=1, local_net=0.5),
    "history": Traits(revenue_history=0.9, deep_history=0.7, group_node=0.4, merged=0.3),
    "many_raters": Traits(raters=(2, 4), by_customer=0.5, two_accounts=0.7, rated=1),
}
"""The kinds a generated company may be, beside the ordinary ones."""


@dataclass(frozen=True)
class Case:
    """A company with its method and dates, as both sides take it."""

    kind: str
    seed: int
    company: Company
    tables: Tables
    as_of: tuple[tuple[date, datetime], ...]

    @property
    def settings(self) -> Settings:
        """The settings as the oracle takes them."""
        beside = ("parameters", "judging", "time_zone")
        names = [field.name for field in fields(Settings) if field.name not in beside]
        judging = Judging(
            max_replayed_months=self.most_months,
            rating_cutoff_days=self.tables["input_quality"][0]["rating_cutoff_days"],
        )
        tables = {name: self.tables[name] for name in names}
        return Settings(parameters=self.tables["parameters"][0], judging=judging, time_zone=self.time_zone, **tables)

    @property
    def most_months(self) -> int:
        """How far back its zones are judged at most: short and long replays are as different as their companies."""
        return (6, 13, 3, 36)[self.seed % 4]

    @property
    def time_zone(self) -> str:
        """The company's: half of them are where a day is one in UTC."""
        order = random.Random(f"zone {self.kind} {self.seed}")  # noqa: S311 - no secret
        return order.choice(["UTC", "UTC", "Europe/Berlin", "America/New_York"])

    def delivered(self) -> Delivered:
        """The company as one full load per table, its rows in another order than the oracle gets them."""
        shuffled = {field.name: list(getattr(self.company, field.name)) for field in fields(Company)}
        order = random.Random(f"{self.kind} {self.seed}")  # noqa: S311 - no secret
        for rows in shuffled.values():
            order.shuffle(rows)
        replay = Replay(max_months=self.most_months)
        return Delivered(single_batches(Company(**shuffled)), self.tables, self.as_of, replay, self.time_zone)

    def with_tables(self, **tables: list[Any]) -> Case:
        """The same company with other rows in some tables."""
        return replace(self, company=replace(self.company, **tables))

    def __str__(self) -> str:
        return f"{self.kind or 'ordinary'} company of seed {self.seed}"


def single_batches(company: Company) -> list[Batch]:
    """Every table that has rows as one full load."""
    rejected = {table: getattr(company, name) for name, table in QUARANTINED.items()}
    batches = []
    for field in fields(Company):
        rows = getattr(company, field.name)
        if field.name not in QUARANTINED and (rows or rejected.get(field.name)):
            batches.append(Batch(field.name, rows, rejected.get(field.name, ())))
    return batches


def generate(seed: int, kind: str = "") -> Case:
    """The company of a seed; `kind` is one of NASTY or empty."""
    traits = NASTY[kind] if kind else Traits()
    # Texts as seeds are hashed by random itself: stable over processes and versions.
    rng = random.Random(f"{kind}/{seed}")  # noqa: S311 - no secret
    number = 1 + rng.randrange(VARIATIONS) if rng.random() < traits.own_method else 0
    costs = random.Random(f"costs {kind}/{seed}")  # noqa: S311 - no secret
    soft = random.Random(f"soft criteria {kind}/{seed}")  # noqa: S311 - no secret
    return _Maker(rng, traits, softened(method(number), soft) | known_costs(costs)).make(kind, seed)


def known_costs(rng: random.Random) -> Tables:
    """Which costs are mapped and which are said to be none; most companies have all of them."""
    kinds = [rng.choice(["mapped"] * 5 + ["rows tell", "none", "unknown"]) for _ in COSTS]
    if rng.random() < 0.5:
        kinds = ["mapped"] * len(COSTS)
    is_mapped = {"mapped": True, "rows tell": None}
    return {
        "costs": [{"cost": cost, "is_none": kind == "none"} for cost, kind in zip(COSTS, kinds, strict=True)],
        "cost_sources": [
            {
                "cost": cost,
                "is_mapped": (cost == "sales" or None) if kind == "rows tell" else is_mapped.get(kind, False),
            }
            for cost, kind in zip(COSTS, kinds, strict=True)
        ],
    }


class _Maker:
    """Draws one company."""

    def __init__(self, rng: random.Random, traits: Traits, tables: Tables) -> None:
        self.rng, self.traits, self.tables = rng, traits, tables
        self.rows: dict[str, list[Any]] = {field.name: [] for field in fields(Company)}
        last = month_of(date.fromisoformat(rng.choice(LAST_DATES)))
        count = rng.randint(*traits.dates)
        step = rng.choice([1, 1, 1, 3, 12])
        self.days = [month_end(last - step * back) for back in range(count)][::-1]
        end = self.moment(self.days[-1], 23, 59, 59)
        if rng.random() < traits.same_knowledge:
            known = end + timedelta(days=rng.choice([0, 0, 5, 40]))
            self.as_of = tuple((day, known) for day in self.days)
        else:
            delay = timedelta(days=rng.choice([0, 3, 10]))
            self.as_of = tuple((day, end + delay) for day in self.days)
        self.first, self.last = self.days[0], self.days[-1]
        self.numbers = rng.sample(range(1000), 200)
        self.empty_cogs = random.Random(f"cogs {rng.getstate()[1][0]}")  # noqa: S311 - no secret
        self.advances = random.Random(f"advances {rng.getstate()[1][0]}")  # noqa: S311 - no secret
        self.share_of_empty_cogs = self.empty_cogs.choice([0, 0, 0, 0.1, 0.5, 0.9])
        self.entities: list[str] = []
        """Ids that bookings may name."""
        self.accounts: list[str] = []
        self.scored_accounts: list[str] = []

    # --- drawing ---------------------------------------------------------------------------------------------------

    def maybe(self, share: float) -> bool:
        return self.rng.random() < share

    def identity(self, prefix: str = "C") -> str:
        number = self.numbers.pop()
        return f"{prefix}{number:03d}" if number % 7 else f"{prefix.lower()}{number}"

    def day(self, earliest: int = 14, latest: int = 0) -> date:
        """A day between `earliest` months before the last as-of date and `latest`; ends and starts of months often."""
        month = month_of(self.last) - self.rng.randint(latest, earliest)
        kind = self.rng.randrange(4)
        if kind == 0:
            return month_end(month)
        if kind == 1:
            return month_start(month)
        return month_start(month) + timedelta(days=self.rng.randrange(28))

    @staticmethod
    def moment(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute, second))

    def recorded(self, day: date) -> datetime:
        """When a row of a day was recorded: the same day, or late, up to after the last knowledge."""
        if not self.maybe(self.traits.late):
            return self.moment(day, self.rng.choice([9, 23]), 30)
        known = self.rng.choice(self.as_of)[1]
        late = [
            known,
            known + timedelta(seconds=1),
            self.moment(day) + timedelta(days=self.rng.choice([14, 15, 31, 90])),
        ]
        return max(self.moment(day), self.rng.choice(late))

    def amount(self) -> Decimal:
        """A positive amount in the company's style."""
        rng, style = self.rng, self.traits.amounts
        if style == "mixed":
            style = rng.choice(["round", "round", "odd", "bounds"])
        if style == "equal":
            return rng.choice([Decimal("10000.00"), Decimal("5000.00")])
        if style == "bounds":
            return Decimal(rng.choice([5000, 20000, 50000, 150000, 10000, 40000, 100000, 30000, 2500])).quantize(
                Decimal("0.01")
            )
        if style == "huge":
            return Decimal(rng.randint(1, 10**13)).scaleb(-2) * rng.choice([1, 1, 100])
        if style == "odd":
            return Decimal(rng.randint(1, 5_000_000)).scaleb(-2)
        return Decimal(rng.randint(1, 400) * 100).quantize(Decimal("0.01"))

    def currency(self) -> str:
        return self.rng.choice(FOREIGN) if self.maybe(self.traits.foreign) else "EUR"

    # --- the company -----------------------------------------------------------------------------------------------

    def make(self, kind: str, seed: int) -> Case:
        """All tables, in a fixed order."""
        self._catalogue()
        for _ in range(self.rng.randint(*self.traits.parents)):
            self._group()
        for _ in range(self.rng.randint(*self.traits.lead_accounts)):
            self._account(self.identity("L"), None)
        if self.maybe(self.traits.unknown):
            self._account(self.identity("A"), "nobody")
        if self.maybe(self.traits.unknown):
            self.accounts.append("no-account")
        for table in (self._bookings, self._payments, self._efforts, self._opinions, self._history, self._totals):
            table()
        self._rates()
        self._programme(random.Random(f"programme/{kind}/{seed}"))  # noqa: S311 - no secret
        self._soft_factors(random.Random(f"soft/{kind}/{seed}"))  # noqa: S311 - no secret
        company = Company(**self.rows)
        return Case(kind, seed, company, self.tables, self.as_of)

    def _programme(self, rng: random.Random) -> None:
        """Campaigns that are over, wait or run, with accounts in one arm or both; the people of two areas. Draws of its own."""
        criteria = sorted({row["criterion_id"] for row in self.tables["scorecard_criteria"]})
        for number in range(rng.randint(0, 3)):
            ends = month_of(self.last) - rng.choice([0, 5, 12, 13, 13, 14])
            starts = month_start(ends - rng.randint(0, 2)) + timedelta(days=rng.randrange(28))
            campaign_id = f"K{number}"
            self.rows["campaigns"].append(
                {
                    "campaign_id": campaign_id,
                    "name": campaign_id,
                    "quarter": f"{starts.year}-Q{(starts.month + 2) // 3}",
                    "focus_criterion_id": rng.choice(criteria),
                    "starts_on": starts,
                    "ends_on": rng.choice([month_end(ends), max(starts, month_start(ends))]),
                }
            )
            for account_id in sorted(set(self.accounts)):
                if rng.random() < 0.8:
                    row = {"campaign_id": campaign_id, "account_id": account_id, "is_control": rng.random() < 0.5}
                    self.rows["campaign_members"].append(row)
        for area, people in (("North", rng.randint(7, 9)), ("Key accounts", 3), ("South", rng.choice([2, 8]))):
            for number in range(people):
                rep_key = {("North", 0): "rep1", ("Key accounts", 0): "rep2"}.get((area, number), f"{area}{number}")
                left = self.last - timedelta(days=rng.choice([0, 1])) if rng.random() < 0.1 else None
                row = {"rep_key": rep_key, "pool": "field", "team": area, "active_from": None, "active_to": left}
                self.rows["sales_reps"].append(row)

    def _soft_factors(self, rng: random.Random) -> None:
        """What the CRM knows beside money: joint work, people, how services are seen. Draws of its own."""
        for account in self.rows["accounts"]:
            account["referrals"] = rng.choice([None, None, 0, 1, 2, 5])
            for flag in ("has_co_development", "has_co_marketing"):
                account[flag] = rng.choice([None, None, False, True])
            account_id = account["account_id"]
            for number in range(rng.choice([0, 0, 1, 3])):
                self.rows["contacts"].append(
                    {
                        "contact_key": f"{account_id}-{number}",
                        "account_id": account_id,
                        "buying_role": rng.choice([None, "decider", "decider", "buyer", "gatekeeper"]),
                        "access_level": rng.choice([None, 1, 2, 4, 5]),
                    }
                )
            for offering in rng.sample([*GROUPS, "hotline"], rng.choice([0, 0, 2])):
                self.rows["service_ratings"].append(
                    {
                        "account_id": account_id,
                        "offering": offering,
                        "offering_level": rng.choice(SEEN_AS),
                        "parity": rng.choice([None, "worse", "equal", "better"]),
                    }
                )

    def _catalogue(self) -> None:
        for number, group in enumerate(GROUPS[: self.rng.randint(0, len(GROUPS))]):
            self.rows["products"].append({"product_id": f"P{number}", "product_name": group, "product_group": group})

    def _group(self) -> None:
        rng, traits = self.rng, self.traits
        root = self.identity()
        has_node = self.maybe(traits.group_node)
        members = [] if has_node else [root]
        if not has_node:
            self._customer(root)
        above = root
        for _ in range(rng.randint(max(traits.entities[0], int(has_node)), max(traits.entities[1], int(has_node)))):
            entity = self.identity()
            self._customer(entity)
            members.append(entity)
            self._link(entity, above)
            if self.maybe(traits.chain):
                above = entity
        for entity in list(members):
            if self.maybe(traits.merged):
                self._merge(entity, members)
        if has_node and self.maybe(0.5):
            members.append(root)
        self.entities += members
        for entity in members:
            if not self.maybe(traits.no_account):
                self._account(self.identity("A"), entity)
                if self.maybe(traits.two_accounts):
                    self._account(self.identity("A"), entity)
            if self.maybe(traits.overrides):
                self._override(entity)

    def _customer(self, customer_id: str) -> None:
        rng, traits = self.rng, self.traits
        kind = "customer"
        if self.maybe(traits.own_companies):
            kind = rng.choice(["intercompany", "internal"])
        elif self.maybe(traits.lead_customers):
            kind = "lead"
        anniversaries = [self.last.replace(year=self.last.year - 1, day=28), date(2015, 3, 1), date(2020, 2, 29)]
        since = rng.choice([None, self.day(70, 13), self.day(130, 60), *anniversaries])
        if self.maybe(traits.young):
            since = rng.choice([None, self.day(13, -2)])
        self.rows["customers"].append(
            {
                "customer_id": customer_id,
                "customer_name": f"Company {customer_id}",
                "relationship_type": kind,
                "currency_code": rng.choice(["EUR", "EUR", "EUR", "CHF"]),
                "country_code": rng.choice([None, "DE", "AT"]),
                "first_invoice_date": since,
                "credit_index": rng.choice([None, 100, 200, 299, 300, 600]),
                "credit_limit": rng.choice([None, Decimal("10000.00"), Decimal("0.00")]),
                "payment_terms_days": rng.choice([None, 0, 14, 30]),
                "insolvent_from": self.day(3, -1) if self.maybe(traits.insolvent) else None,
                "blocked_from": self.day(3, -1) if self.maybe(traits.insolvent) else None,
                "is_key_account": rng.choice([True, False]) if self.maybe(traits.key_accounts) else None,
                "owner_rep_key": rng.choice([None, "rep1", "rep2"]),
            }
        )

    def _link(self, child: str, parent: str) -> None:
        start, end = date(2010, 1, 1), None
        if self.maybe(self.traits.links_end):
            if self.maybe(0.5):
                start = self.day(3, -1)
            else:
                end = self.day(3, -1)
        self._parent(child, parent, start, end)
        if end is not None and self.maybe(0.3):
            # A root says so itself from then on, at times while the former link still counts.
            self._parent(child, child, end + timedelta(days=self.rng.choice([0, 1])), None)

    def _parent(self, child: str, parent: str, start: date, end: date | None) -> None:
        self.rows["customer_parents"].append(
            {"customer_id": child, "parent_id": parent, "valid_from": start, "valid_to": end}
        )

    def _merge(self, survivor: str, members: list[str]) -> None:
        former = self.identity()
        if self.maybe(0.6):
            self._customer(former)
        if self.maybe(0.3):
            self._link(former, survivor)
        since = self.day(30, 3) if self.maybe(0.4) else self.day(3, -1)
        self.rows["customer_id_changes"].append(
            {"old_customer_id": former, "customer_id": survivor, "valid_from": since}
        )
        members.append(former)

    def _account(self, account_id: str, customer_id: str | None) -> None:
        status = None
        if customer_id is None:
            status = self.rng.choice([None, "open", "qualified"])
            if self.maybe(self.traits.disqualified):
                status = "disqualified"
        self.accounts.append(account_id)
        if customer_id != "nobody":
            self.scored_accounts.append(account_id)
        self.rows["accounts"].append(
            {
                "account_id": account_id,
                "customer_id": customer_id,
                "account_name": f"Account {account_id}",
                "owner_rep_key": self.rng.choice([None, "rep1"]),
                "created_on": self.rng.choice([None, date(2022, 1, 1), self.last]),
                "lead_status": status,
            }
        )

    def _override(self, customer_id: str) -> None:
        kinds = ["protection", "development", "maintain", "withdrawal"]
        made: set[datetime] = set()
        for _ in range(self.rng.randint(1, 2)):
            day = self.day(5, -1)
            at = self.moment(day, self.rng.choice([0, 12]))
            if at in made:
                continue
            made.add(at)
            ends = [day, day + timedelta(days=31), self.rng.choice(self.days), date(2030, 1, 1)]
            self.rows["zone_overrides"].append(
                {
                    "customer_id": customer_id,
                    "override_zone": self.rng.choice(kinds),
                    "reason": self.rng.choice(["contract", "board"]),
                    "set_by_key": "rep9",
                    "set_at": at,
                    "expires_on": max(day, self.rng.choice(ends)),
                }
            )

    # --- money -----------------------------------------------------------------------------------------------------

    def _bookings(self) -> None:
        rng, traits = self.rng, self.traits
        earliest = 60 if self.maybe(traits.deep_history) else rng.choice([11, 12, 23, 24, 35])
        for customer_id in self.entities:
            if self.maybe(traits.no_invoices):
                continue
            for _ in range(rng.randint(*traits.lines)):
                self._line(customer_id, self.day(rng.choice([11, 11, 23, earliest]), -1))
        if self.rows["invoice_lines"] and earliest == 60 and self.maybe(0.5):
            self._line(rng.choice(self.entities), self.day(60, 47))
        if self.maybe(traits.unknown):
            self._line("stranger", self.day())
        if self.maybe(traits.quarantined):
            for _ in range(rng.randint(1, 3)):
                self._rejected()
        for payer in [*self.entities, None, "stranger"]:
            if self.maybe(traits.direct_costs * (1 if payer in self.entities else 0.3)):
                self._cost("direct_costs", payer)

    def _line(self, customer_id: str, day: date, table: str = "invoice_lines") -> None:
        rng = self.rng
        number = len(self.rows["invoice_lines"])
        gross = self.amount()
        share = rng.choice([Decimal(0), Decimal("0.1"), Decimal("0.05"), Decimal("0.333")])
        cost = rng.choice([Decimal(0), Decimal("0.5"), Decimal("0.6"), Decimal("0.9"), Decimal("1.2")])
        cent = Decimal("0.01")
        row: dict[str, Any] = {
            "company_id": rng.choice(["1", "1", "2"]),
            "invoice_id": f"R{number}",
            "line_no": number,
            "doc_type": "invoice",
            "posting_date": day,
            "customer_id": customer_id,
            "product_id": None,
            "product_group": rng.choice(GROUPS),
            "currency_code": self.currency(),
            "gross_list_amount": gross,
            "revenue_deductions": (gross * share).quantize(cent),
            "cogs": (gross * cost).quantize(cent),
            "local_net_amount": None,
            "is_promotion": rng.choice([None, True, False]),
        }
        if self.maybe(self.traits.negative):
            row["doc_type"] = rng.choice(["credit_note", "cancellation"])
            for column in ("gross_list_amount", "revenue_deductions", "cogs"):
                row[column] = -row[column]
            if self.maybe(0.3):
                row["cogs"] = Decimal("0.00")
        # Drawn apart, so that the rest of a company of a seed stays what it was.
        if self.empty_cogs.random() < self.share_of_empty_cogs:
            row["cogs"] = None
        if self.rows["products"] and self.maybe(0.3):
            row["product_id"], row["product_group"] = rng.choice(self.rows["products"])["product_id"], None
        elif self.maybe(self.traits.no_group):
            row["product_id"], row["product_group"] = "P9", None
        if row["currency_code"] != "EUR" and self.maybe(self.traits.local_net):
            net = row["gross_list_amount"] - row["revenue_deductions"]
            row["local_net_amount"] = (net * rng.choice([Decimal(1), Decimal("0.9"), Decimal("1.07")])).quantize(cent)
            row["local_currency_code"] = self.empty_cogs.choice([None, None, "EUR", "USD"])
        if self.maybe(0.02):
            row["revenue_deductions"] = row["gross_list_amount"]
        before = self.rows["invoice_lines"][-1:]
        if table == "invoice_lines" and before and before[0]["customer_id"] == customer_id and self.maybe(0.3):
            # Another line of the same document.
            row |= {name: before[0][name] for name in ("company_id", "invoice_id", "posting_date", "doc_type")}
        if self.advances.random() < 0.03:
            row["doc_type"] = "advance"
        self.rows[table].append(row)

    def _rejected(self) -> None:
        rng = self.rng
        if self.maybe(0.3):
            self._cost("quarantined_direct_costs", rng.choice([None, "stranger"]))
            row = self.rows["quarantined_direct_costs"][-1]
            blank = rng.choice([None, "amount", "cost_type", "posting_date"])
        else:
            self._line("stranger", self.day(), "quarantined_invoice_lines")
            row = self.rows["quarantined_invoice_lines"][-1]
            blank = rng.choice([None, None, "gross_list_amount", "cogs", "posting_date", "currency_code"])
        if blank is not None:
            row[blank] = None
        row["quarantine_reason"] = rng.choice(["DUP_EXACT", "NOT_A_NUMBER", "UNKNOWN_VALUE"])

    def _cost(self, table: str, customer_id: str | None) -> None:
        self.rows[table].append(
            {
                "company_id": "1",
                "customer_id": customer_id,
                "cost_type": self.rng.choice(["marketing", "service_logistics"]),
                "posting_date": self.day(13, -1),
                "amount": self.amount() / self.rng.choice([1, -1, 10]),
                "currency_code": self.currency(),
            }
        )
        row = self.rows[table][-1]
        row["amount"] = row["amount"].quantize(Decimal("0.01"))

    def _payments(self) -> None:
        rng, traits = self.rng, self.traits
        for customer_id in self.entities:
            if self.maybe(traits.orders):
                self._orders(customer_id)
            if not self.maybe(traits.items):
                continue
            late = rng.choice([None, 30, 15, 8, 3, 0])
            for number in range(rng.randint(1, 4)):
                due = self.day(14, -1)
                days = late if late is not None else rng.choice([-5, 0, 1, 7, 30, 45])
                cleared = rng.choice([None, due + timedelta(days=days), due + timedelta(days=days)])
                self.rows["open_items"].append(
                    {
                        "company_id": "1",
                        "invoice_id": f"I{customer_id}-{number}",
                        "item_no": 1,
                        "customer_id": customer_id,
                        "amount": self.amount() * (-1 if self.maybe(traits.negative) else 1),
                        "currency_code": self.currency(),
                        "due_date": due,
                        "cleared_date": cleared,
                        "is_disputed": rng.choice([None, False, False, True]),
                    }
                )

    def _orders(self, customer_id: str) -> None:
        rng = self.rng
        day = self.day(40, 2)
        rhythm = rng.choice([None, 7, 30, 91])
        for _ in range(rng.randint(1, 9)):
            self.rows["orders"].append(
                {
                    "order_id": f"O{len(self.rows['orders'])}",
                    "customer_id": customer_id,
                    "order_date": day,
                    "channel": rng.choice([None, "web"]),
                    "change_count": rng.choice([None, 0, 2]),
                    "error_count": rng.choice([None, 0, 1]),
                }
            )
            day += timedelta(days=rhythm if rhythm is not None else rng.choice([0, 1, 10, 30, 60, 200]))
            if day > self.last + timedelta(days=40):
                break

    def _rates(self) -> None:
        """Every foreign amount finds a rate, at times one of the last day that is young enough."""
        needed: set[tuple[str, date]] = set()
        columns = {
            "invoice_lines": "posting_date",
            "quarantined_invoice_lines": "posting_date",
            "direct_costs": "posting_date",
            "quarantined_direct_costs": "posting_date",
            "open_items": "due_date",
            "potential_estimates": "valid_from",
            "opportunities": "created_on",
        }
        for table, column in columns.items():
            needed |= {(row["currency_code"], row[column]) for row in self.rows[table] if row[column] is not None}
        locals_of = (*self.rows["invoice_lines"], *self.rows["quarantined_invoice_lines"])
        local_days = {
            (row["local_currency_code"], row["posting_date"]) for row in locals_of if row.get("local_currency_code")
        }
        needed |= {one for one in local_days if one[1] is not None}
        # An item that is not due yet is converted at the as-of date.
        needed |= {(currency, day) for currency in FOREIGN for day in self.days}
        oldest = self.tables["parameters"][0]["fx_max_age_days"]
        found: dict[tuple[str, date], Row] = {}
        for currency, day in sorted((one for one in needed if one[0] in FOREIGN), key=str):
            published = day - timedelta(days=self.rng.randint(0, oldest))
            units = Decimal(self.rng.choice([950000, 1070000, 1123457, 3, 2_000_000])).scaleb(-6)
            if self.traits.amounts == "huge" and units < 1:
                units = Decimal("1.070000")
            found.setdefault(
                (currency, published),
                {"rate_date": published, "currency_code": currency, "units_per_reporting_currency": units},
            )
        self.rows["exchange_rates"] = list(found.values())

    # --- effort and opinions ---------------------------------------------------------------------------------------

    def _efforts(self) -> None:
        rng, traits = self.rng, self.traits
        kinds = [row["activity_type"] for row in self.tables["activity_types"]]
        activities = self.rows["activities"]
        for account_id in self.accounts:
            if not self.maybe(traits.activities):
                continue
            for _ in range(rng.randint(1, 5)):
                start = self.moment(self.day(13, -1), rng.choice([0, 9, 23]), rng.choice([0, 59]))
                row = {
                    "activity_id": f"{rng.choice('VWX')}{self.rng.randrange(10**6):06d}-{len(activities)}",
                    "account_id": account_id,
                    "activity_type": "lunch" if self.maybe(traits.unknown_types) else rng.choice(["visit", *kinds]),
                    "activity_at": start,
                    "recorded_at": max(start, self.recorded(start.date())),
                    "duration_minutes": rng.choice([None, 0, 1, 7, 60, 240]),
                    "rep_key": rng.choice([None, "rep1", "rep2"]),
                }
                activities.append(row)
                if self.maybe(traits.duplicates):
                    again = {**row, "activity_id": f"{rng.choice('UVW')}{len(activities)}"}
                    again["account_id"] = rng.choice([account_id, account_id, rng.choice(self.accounts)])
                    again["duration_minutes"] = rng.choice([None, 90])
                    again["recorded_at"] = max(start, self.recorded(start.date()))
                    activities.append(again)
        for account_id in self.scored_accounts:
            if self.maybe(0.3):
                self.rows["opportunities"].append(
                    {
                        "opportunity_id": f"B{account_id}",
                        "account_id": account_id,
                        "product_group": rng.choice(GROUPS),
                        "amount": self.amount(),
                        "currency_code": self.currency(),
                        "stage": "offer",
                        "created_on": self.day(),
                        "closed_on": rng.choice([None, self.day(3, -1)]),
                        "is_won": None,
                    }
                )

    def _opinions(self) -> None:
        rng, traits = self.rng, self.traits
        for account_id in self.accounts:
            raters = [f"rater{number}" for number in range(rng.randint(*traits.raters))]
            is_felt = self.maybe(0.8)
            for criterion in (*RATED, *(FELT if is_felt else ())):
                for rater in raters:
                    if self.maybe(traits.rated):
                        self._rating(account_id, criterion, rater)
            for group in GROUPS:
                if self.maybe(traits.estimated * 0.7):
                    self._estimate(account_id, group)
        self._repeat_estimates()

    def _rating(self, account_id: str, criterion: str, rater: str) -> None:
        seen: set[tuple[date, datetime]] = set()
        by = "customer" if self.maybe(self.traits.by_customer) else self.rng.choice([None, "staff"])
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            since = self._since()
            key = since, self.recorded(since)
            if key in seen:
                continue
            seen.add(key)
            level = None if self.maybe(self.traits.unknown_level) else self.rng.randint(1, 5)
            if self.traits.amounts == "equal":
                level = 3
            self.rows["ratings"].append(
                {
                    "account_id": account_id,
                    "criterion_id": criterion,
                    "rater_key": rater,
                    "rated_by": by if not self.maybe(0.05) else "customer",
                    "level": level,
                    "valid_from": key[0],
                    "recorded_at": key[1],
                }
            )

    def _since(self) -> date:
        """A day from which an opinion counts; at times exactly as old as may be, or a day older."""
        if not self.maybe(self.traits.old):
            return self.day(10, -1)
        stale = self.tables["parameters"][0]["stale_after_days"]
        return self.rng.choice(self.days) - timedelta(days=stale + self.rng.choice([0, 1, 200]))

    def _estimate(self, account_id: str, group: str) -> None:
        rng = self.rng
        seen: set[tuple[object, ...]] = set()
        for _ in range(rng.choice([1, 1, 2])):
            since = self._since()
            recorded = self.recorded(since)
            stages: list[list[str | None]] = [
                [None], ["effective_demand"], [None, "effective_demand"], ["need"], [None, "demand"],
                ["demand"], ["need", "demand"], ["need", "demand", "effective_demand"],
            ]  # fmt: skip
            for stage in rng.choice(stages):
                key = since, recorded, stage
                if key in seen:
                    continue
                seen.add(key)
                demand = (
                    Decimal("0.00") if self.maybe(self.traits.zero_demand) else self.amount() * rng.choice([1, 2, 5])
                )
                shares = [None, Decimal(1), Decimal("0.5"), Decimal(0), Decimal("0.333333"), Decimal("0.125")]
                self.rows["potential_estimates"].append(
                    {
                        "account_id": account_id,
                        "product_group": group,
                        "annual_demand": demand,
                        "currency_code": self.currency(),
                        "achievable_share": rng.choice(shares),
                        "demand_stage": stage,
                        "valid_from": since,
                        "recorded_at": recorded,
                    }
                )

    def _repeat_estimates(self) -> None:
        """What one account says, said by another one, too: of the same ERP customer, or of anybody."""
        accounts = list(self.accounts)
        keys = {(row["account_id"], row["product_group"], row["demand_stage"], row["valid_from"], row["recorded_at"])
                for row in self.rows["potential_estimates"]}  # fmt: skip
        for row in list(self.rows["potential_estimates"]):
            if not accounts or not self.maybe(self.traits.repeated):
                continue
            again = dict(row) | {
                "account_id": self.rng.choice(accounts),
                "achievable_share": self.rng.choice([row["achievable_share"], Decimal("0.25")]),
                "demand_stage": self.rng.choice([row["demand_stage"], row["demand_stage"], "demand"]),
            }
            key = (
                again["account_id"], again["product_group"], again["demand_stage"], again["valid_from"],
                again["recorded_at"],
            )  # fmt: skip
            if key not in keys:
                keys.add(key)
                self.rows["potential_estimates"].append(again)

    # --- what was before, what the ledger says -----------------------------------------------------------------------

    def _history(self) -> None:
        rng, traits = self.rng, self.traits
        nodes = sorted({row["parent_id"] for row in self.rows["customer_parents"]} - set(self.entities))
        for customer_id in [*self.entities, *nodes]:
            for back in (1, 2, 3):
                if self.maybe(traits.revenue_history):
                    amount = rng.choice([self.amount(), -self.amount(), Decimal("0.00"), self.amount()])
                    row = {"customer_id": customer_id, "fiscal_year": self.last.year - back, "net_revenue": amount}
                    self.rows["revenue_history"].append(row)
            if self.maybe(traits.opening):
                before = month_end(month_of(self.first) - rng.choice([1, 1, 2, 12]))
                for day in {before, rng.choice([before, self.first, month_end(month_of(before) - 1)])}:
                    states = [rng.choice(["high", "low"]), rng.choice(["high", "low"])]
                    zones = {
                        "highhigh": "protection",
                        "highlow": "development",
                        "lowhigh": "maintain",
                        "lowlow": "withdrawal",
                    }
                    zone = zones["".join(states)] if self.maybe(0.8) else rng.choice(["new_customer", "unrated"])
                    self.rows["opening_portfolio"].append(
                        {
                            "customer_id": customer_id,
                            "as_of_date": day,
                            "zone": zone,
                            "potential_state": states[0],
                            "attractiveness_state": states[1],
                            "contribution_4": self.amount(),
                        }
                    )

    def _totals(self) -> None:
        rng = self.rng
        kind = rng.choice(["none", "month", "year", "mixed"]) if self.traits.ledger == "any" else self.traits.ledger
        groups = sorted({row["ledger_group"] for row in self.tables["ledger_groups"]})
        year = self.last.year
        months = [label(month_of(self.last) - back) for back in range(15)]
        periods = {
            "none": [],
            "month": months,
            "year": [str(year), str(year - 1)],
            "mixed": [str(year), *rng.sample(months, 5)],
        }[kind]
        for period in periods:
            for group in groups:
                for company_id in ("1", "2"):
                    if self.maybe(0.6):
                        amount = rng.choice([Decimal("0.00"), self.amount()])
                        row = {"company_id": company_id, "period": period, "account_group": group, "amount": amount}
                        self.rows["ledger_totals"].append(row)
                        if self.empty_cogs.random() < 0.2:
                            self.rows["ledger_totals"].append({**row, "account": "2", "amount": Decimal("-0.05")})
                        if self.empty_cogs.random() < 0.05:
                            self.rows["ledger_totals"].append({**row, "period": f"{period[:4]}-14"})
