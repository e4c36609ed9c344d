"""Whom a published version asks its people about. Belongs here: its queries, by area. Not here: how it looks (write).

A customer is asked about whose rating is due (mart_worklist), missing or stale in one criterion that people rate; about whose demand, if
no product group has an estimate, or one is stale or contradicted. Blocked customers, those who never bought and disqualified leads are
left alone. The most money comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Final

from pipelines.errors import KundenwertError, Problem
from pipelines.publishing import reading
from pipelines.showing import choice
from pipelines.showing.version import Table, Tables, Version

MOST_GROUPS: Final = 12
"""So many product groups of the company are asked about of every customer, beside those he has; the largest ones."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer or lead. `net_revenue` is of 12 months, None of a lead."""

    ultimate_parent_id: str
    account_id: str | None
    customer_name: str
    relationship_type: str
    owner_area: str | None
    net_revenue: Decimal | None
    is_rating_asked: bool
    is_demand_asked: bool
    is_due: bool
    is_missing: bool
    is_stale: bool
    reporting_currency: str


@dataclass(frozen=True, slots=True)
class Level:
    """The level of a criterion so far (the mean over raters), since when."""

    ultimate_parent_id: str
    criterion_id: str
    level: Decimal | None
    rating_valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A product group of a customer: revenue of 12 months, the estimate so far."""

    ultimate_parent_id: str
    product_group: str
    net_revenue: Decimal | None
    annual_demand: Decimal | None
    estimate_valid_from: date | None


@dataclass(frozen=True, slots=True)
class Area:
    """What is asked of one owner area (None: of customers without one)."""

    name: str | None
    ratings: tuple[Customer, ...]
    demands: tuple[Customer, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is asked as of a date, by area. `without_account` are customers nobody can be asked about
    because no CRM account leads to them."""

    version: str
    as_of_date: date
    known_on: date
    areas: tuple[Area, ...]
    levels: Mapping[tuple[str, str], Level]
    groups: Mapping[str, tuple[Group, ...]]
    without_account: int


@dataclass(frozen=True, slots=True)
class _Portfolio:
    as_of_date: date
    ultimate_parent_id: str
    customer_name: str
    relationship_type: str
    customer_status: str
    owner_area: str | None
    zone: str
    zone_status: str
    net_revenue: Decimal | None
    potential_contribution: Decimal | None
    reporting_currency: str


@dataclass(frozen=True, slots=True)
class _Score:
    as_of_date: date
    ultimate_parent_id: str
    criterion_id: str
    method: str
    level: Decimal | None
    is_imputed: bool
    is_rating_stale: bool
    rating_valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class _Share:
    as_of_date: date
    ultimate_parent_id: str
    product_group: str
    net_revenue: Decimal | None
    annual_demand: Decimal | None
    estimate_valid_from: date | None
    is_potential_stale: bool | None
    is_potential_contradicted: bool | None


@dataclass(frozen=True, slots=True)
class _Task:
    as_of_date: date
    ultimate_parent_id: str
    task: str


@dataclass(frozen=True, slots=True)
class _Plan:
    as_of_date: date
    ultimate_parent_id: str
    portfolio_revenue: Decimal | None = None
    rated_revenue_before: Decimal | None = None
    estimated_revenue_before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Account:
    as_of_date: date
    ultimate_parent_id: str
    lead_account_id: str | None


_PLAN: Final = "mart_potential_check"
TABLES: Final[Tables] = {
    "mart_portfolio": Table.of(_Portfolio),
    "mart_worklist": Table.of(_Task),
    "fct_criterion_score": Table.of(_Score),
    "mart_share_of_wallet": Table.of(_Share),
    "crm_writeback": Table.of(_Account),
    _PLAN: Table((_Plan,), is_later=True),
}
"""What is read of a version."""

_CUSTOMERS: Final = """
with
due as (
    select distinct ultimate_parent_id from mart_worklist where as_of_date = $as_of and task = 'rate'
),
rated as (
    select ultimate_parent_id, bool_or(is_imputed) as is_missing, bool_or(is_rating_stale) as is_stale
    from fct_criterion_score
    where as_of_date = $as_of and method = 'rating'
    group by ultimate_parent_id
),
estimated as (
    select
        ultimate_parent_id,
        count(annual_demand) > 0 as is_estimated,
        coalesce(bool_or(is_potential_stale), false) or coalesce(bool_or(is_potential_contradicted), false) as is_doubtful
    from mart_share_of_wallet
    where as_of_date = $as_of
    group by ultimate_parent_id
),
known as (
    select
        customers.ultimate_parent_id,
        accounts.lead_account_id as account_id,
        customers.customer_name,
        customers.relationship_type,
        customers.owner_area,
        customers.net_revenue,
        due.ultimate_parent_id is not null or coalesce(rated.is_missing or rated.is_stale, false) as is_rating_asked,
        not coalesce(estimated.is_estimated, false) or coalesce(estimated.is_doubtful, false) as is_demand_asked,
        due.ultimate_parent_id is not null as is_due,
        coalesce(rated.is_missing, false) as is_missing,
        coalesce(rated.is_stale, false) as is_stale,
        customers.reporting_currency,
        customers.customer_status not in ('blocked', 'never_bought')
        and coalesce(customers.zone, '') <> 'disqualified_lead' as is_left_in,
        greatest(coalesce(customers.net_revenue, 0), 0) as revenue,
        coalesce(customers.potential_contribution, 0) as potential
    from mart_portfolio as customers
    left join crm_writeback as accounts
        on customers.as_of_date = accounts.as_of_date and customers.ultimate_parent_id = accounts.ultimate_parent_id
    left join due on customers.ultimate_parent_id = due.ultimate_parent_id
    left join rated on customers.ultimate_parent_id = rated.ultimate_parent_id
    left join estimated on customers.ultimate_parent_id = estimated.ultimate_parent_id
    where customers.as_of_date = $as_of
),
asked as (
    select known.* replace (
        is_rating_asked
        and ($cover is null or coalesce(plan.rated_revenue_before < $cover * plan.portfolio_revenue, false)) as is_rating_asked,
        is_demand_asked
        and ($cover is null or coalesce(plan.estimated_revenue_before < $cover * plan.portfolio_revenue, false)) as is_demand_asked
    )
    from known
    left join (
        select * from mart_potential_check where as_of_date = $as_of
    ) as plan on known.ultimate_parent_id = plan.ultimate_parent_id
    where
        is_left_in
        and ($area is null or owner_area = $area)
)
select
    ultimate_parent_id, account_id, customer_name, relationship_type, owner_area, net_revenue, is_rating_asked, is_demand_asked,
    is_due, is_missing, is_stale, reporting_currency
from asked
where is_rating_asked or is_demand_asked
order by owner_area nulls last, revenue desc, potential desc, ultimate_parent_id
"""

_LEVELS: Final = """
select ultimate_parent_id, criterion_id, max(level) as level, max(rating_valid_from) as rating_valid_from
from fct_criterion_score
where
    as_of_date = $as_of
    and method = 'rating'
    and not is_imputed
    and ultimate_parent_id in (select unnest($asked))
group by ultimate_parent_id, criterion_id
"""

_GROUPS: Final = """
with
own as (
    select * from mart_share_of_wallet where as_of_date = $as_of
),
largest as (
    select product_group from own group by product_group order by coalesce(sum(net_revenue), 0) desc, product_group limit $most
),
asked as (
    select unnest($asked) as ultimate_parent_id
),
wanted as (
    select own.ultimate_parent_id, own.product_group from own
    inner join asked on own.ultimate_parent_id = asked.ultimate_parent_id
    union
    select asked.ultimate_parent_id, largest.product_group from asked
    cross join largest
)
select wanted.ultimate_parent_id, wanted.product_group, own.net_revenue, own.annual_demand, own.estimate_valid_from
from wanted
left join own on wanted.ultimate_parent_id = own.ultimate_parent_id and wanted.product_group = own.product_group
order by wanted.ultimate_parent_id, coalesce(own.net_revenue, 0) desc, wanted.product_group
"""


def asked(version: Path, as_of: date | None = None, area: str | None = None, cover: Decimal | None = None) -> Asked:
    """Whom a published version asks about as of one of its dates (None: the latest), of one area where asked for.

    `cover` (0..1): only the fewest customers that bring that share of revenue to be rated, and to be estimated, with what is, in the
    order of mart_potential_check (METHOD 1.21).

    Raises KundenwertError AS_OF_UNKNOWN, AREA_UNKNOWN, SHEET_NO_ACCOUNTS; VerifyError as Version.opened does, VERSION_INCOMPLETE for
    `cover` in a version from before there was such an order.
    """
    with Version.opened(version, TABLES) as opened:
        if cover is not None and not opened.has(_PLAN):
            raise reading.incomplete(opened.name, f"there is no {_PLAN}")
        day = choice.chosen_day(opened, as_of)
        choice.check_area(opened, day, area)
        customers = opened.query(Customer, _CUSTOMERS, {"as_of": day, "area": area, "cover": cover})
        known = [customer for customer in customers if customer.account_id is not None]
        if customers and not known:
            what = "no customer has a CRM account, and ratings are of accounts"
            remedy = (
                "map `accounts` (without a CRM from the file of the customers: account_id and customer_id both their number, "
                "account_name their name), then kundenwert run"
            )
            raise KundenwertError(Problem("SHEET_NO_ACCOUNTS", what, "sources.yml: tables.accounts", remedy))
        rated = [customer.ultimate_parent_id for customer in known if customer.is_rating_asked]
        estimated = [customer.ultimate_parent_id for customer in known if customer.is_demand_asked]
        levels = opened.query(Level, _LEVELS, {"as_of": day, "asked": rated})
        groups = opened.query(Group, _GROUPS, {"as_of": day, "most": MOST_GROUPS, "asked": estimated})
        return Asked(
            version=opened.name,
            as_of_date=day,
            known_on=opened.manifest.known_at.date(),
            areas=_areas(known),
            levels={(level.ultimate_parent_id, level.criterion_id): level for level in levels},
            groups={
                parent: tuple(each) for parent, each in groupby(groups, key=lambda group: group.ultimate_parent_id)
            },
            without_account=len(customers) - len(known),
        )


def _areas(customers: Iterable[Customer]) -> tuple[Area, ...]:
    areas = []
    for name, each in groupby(customers, key=lambda customer: customer.owner_area):
        own = tuple(each)
        areas.append(Area(name, tuple(c for c in own if c.is_rating_asked), tuple(c for c in own if c.is_demand_asked)))
    return tuple(areas)
