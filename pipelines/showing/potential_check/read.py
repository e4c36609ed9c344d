"""Reads the potential check from a published version. Belongs here: its queries. Not here: which customer is asked when and what speaks for
potential (mart_potential_check), words (words), layout (page)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Final

from pipelines.quoting import constant
from pipelines.showing import choice
from pipelines.showing.potential_check.model import Customer, Group, GroupTotal, Point, PotentialCheck, Totals
from pipelines.showing.version import Table, Tables, Version

MOST_ASKED: Final = 200
"""So many of those asked first the page lists; the sheets hold all of them."""
MOST_LIKELY: Final = 20
MOST_GROUPS: Final = 12
MOST_POINTS: Final = 120
"""Of a curve over thousands of answers so many points are drawn."""


@dataclass(frozen=True, slots=True)
class _Portfolio:
    """Columns of mart_portfolio."""

    as_of_date: date
    ultimate_parent_id: str
    customer_name: str
    owner_area: str | None
    reporting_currency: str


@dataclass(frozen=True, slots=True)
class _Check:
    """Columns of mart_potential_check."""

    as_of_date: date
    ultimate_parent_id: str
    customer_status: str | None
    net_revenue: Decimal | None
    revenue_change: Decimal | None
    revenue_yoy: Decimal | None
    portfolio_revenue_yoy: Decimal | None
    is_growing: bool | None
    missing_groups: int | None
    missing_group_revenue: Decimal | None
    lapsed_groups: int | None
    lapsed_group_revenue: Decimal | None
    signals_judged: int
    likely_revenue: Decimal | None
    potential_rank: int | None
    portfolio_revenue: Decimal
    rated_revenue: Decimal | None
    rate_position: int | None
    rated_revenue_before: Decimal | None
    rated_ratio_with: Decimal | None
    estimated_revenue: Decimal
    estimate_position: int | None
    estimated_revenue_before: Decimal | None
    estimated_ratio_with: Decimal | None


@dataclass(frozen=True, slots=True)
class _Signal(Group):
    """Columns of mart_product_group_signals."""

    as_of_date: date


@dataclass(frozen=True, slots=True)
class _Account:
    """Columns of crm_writeback."""

    as_of_date: date
    lead_account_id: str | None


TABLES: Final[Tables] = {
    "mart_portfolio": Table.of(_Portfolio),
    "mart_potential_check": Table.of(_Check),
    "mart_product_group_signals": Table.of(_Signal),
    "crm_writeback": Table.of(_Account),
}
"""What is read of a version."""

_CHECKED: Final = """
create temp table checked as
with
named as (
    select
        *,
        coalesce(rated_revenue_before < $cover * portfolio_revenue, false) as is_rate_asked,
        coalesce(estimated_revenue_before < $cover * portfolio_revenue, false) as is_estimate_asked,
        row_number() over (order by net_revenue desc nulls last, ultimate_parent_id) as place
    from mart_potential_check
    inner join (
        select as_of_date, ultimate_parent_id, customer_name, owner_area from mart_portfolio
    ) as names using (as_of_date, ultimate_parent_id)
    where as_of_date = $as_of
)
select
    *,
    least(
        coalesce(max(rated_ratio_with) over so_far, cast(rated_revenue / nullif(portfolio_revenue, 0) as decimal(18, 6))),
        coalesce(max(estimated_ratio_with) over so_far, cast(estimated_revenue / nullif(portfolio_revenue, 0) as decimal(18, 6)))
    ) as covered_with
from named
window so_far as (order by place rows between unbounded preceding and current row)
"""

_TOTALS: Final = """
select
    count(*) as customers,
    coalesce(max(portfolio_revenue), 0) as portfolio_revenue,
    max(rated_revenue) as rated_revenue,
    coalesce(max(estimated_revenue), 0) as estimated_revenue,
    count(*) filter (is_rate_asked) as to_rate,
    count(*) filter (is_estimate_asked) as to_estimate,
    count(*) filter (is_rate_asked or is_estimate_asked) as asked,
    coalesce(
        max(rated_ratio_with) filter (is_rate_asked), cast(max(rated_revenue) / nullif(max(portfolio_revenue), 0) as decimal(18, 6))
    ) as most_rated,
    coalesce(
        max(estimated_ratio_with) filter (is_estimate_asked),
        cast(max(estimated_revenue) / nullif(max(portfolio_revenue), 0) as decimal(18, 6))
    ) as most_estimated,
    count(*) filter (is_growing) as growing,
    count(is_growing) as growth_judged,
    max(portfolio_revenue_yoy) as portfolio_revenue_yoy,
    count(missing_groups) as missing_judged,
    count(*) filter (missing_groups > 0) as missing_customers,
    coalesce(sum(missing_group_revenue), 0) as missing_revenue,
    count(lapsed_groups) as lapsed_judged,
    count(*) filter (lapsed_groups > 0) as lapsed_customers,
    coalesce(sum(lapsed_group_revenue), 0) as lapsed_revenue,
    count(*) filter (likely_revenue > 0) as likely_customers
from checked
"""

_CUSTOMERS: Final = """
select
    ultimate_parent_id, customer_name, owner_area, customer_status, net_revenue, revenue_change, revenue_yoy, portfolio_revenue_yoy,
    is_growing, missing_groups, lapsed_groups, signals_judged, likely_revenue, is_rate_asked, is_estimate_asked, covered_with
from checked
"""

_GROUPS: Final = """
select ultimate_parent_id, product_group, group_signal, likely_revenue, look_alike_buyers, look_alikes
from mart_product_group_signals
where as_of_date = $as_of and ultimate_parent_id in (select unnest($parents))
order by ultimate_parent_id, likely_revenue desc, product_group
"""

_PRODUCT_GROUPS: Final = """
select
    product_group,
    count(*) filter (group_signal = 'missing') as missing_customers,
    coalesce(sum(likely_revenue) filter (group_signal = 'missing'), 0) as missing_revenue,
    count(*) filter (group_signal = 'lapsed') as lapsed_customers,
    coalesce(sum(likely_revenue) filter (group_signal = 'lapsed'), 0) as lapsed_revenue
from mart_product_group_signals
where as_of_date = $as_of
group by product_group
order by sum(likely_revenue) desc, product_group
limit $most
"""


def read_check(version: Path, cover: Decimal, as_of: date | None = None) -> PotentialCheck:
    """The potential check of a published version as of one of its dates (None: the latest), for `cover` (0..1) of revenue to be judged.

    Raises KundenwertError AS_OF_UNKNOWN; VerifyError as Version.opened does, VERSION_INCOMPLETE for a version from before there was one.
    """
    with Version.opened(version, TABLES) as opened:
        return read_check_in(opened, cover, as_of)


def read_check_in(opened: Version, cover: Decimal, as_of: date | None = None) -> PotentialCheck:
    """The same of a version that is open with TABLES."""
    day = choice.chosen_day(opened, as_of)
    opened.connection.execute("drop table if exists checked")
    opened.connection.execute(_CHECKED, {"as_of": day, "cover": cover})
    (totals,) = opened.query(Totals, _TOTALS)
    asked = opened.query(
        Customer, f"{_CUSTOMERS} where is_rate_asked or is_estimate_asked order by place limit {MOST_ASKED}"
    )
    likely = opened.query(
        Customer,
        f"{_CUSTOMERS} where potential_rank is not null and not is_rate_asked and not is_estimate_asked "
        f"order by potential_rank limit {MOST_LIKELY}",
    )
    parents = [each.ultimate_parent_id for each in (*asked, *likely)]
    groups = opened.query(Group, _GROUPS, {"as_of": day, "parents": parents})
    return PotentialCheck(
        version=opened.manifest.version,
        as_of_date=day,
        known_at=opened.manifest.known_at,
        method_version=opened.manifest.method_version,
        reporting_currency=str(_value(opened, "select max(reporting_currency) from mart_portfolio") or ""),
        cover=cover,
        has_accounts=bool(
            _value(opened, f"select count(lead_account_id) > 0 from crm_writeback where as_of_date = {constant(day)}")
        ),
        totals=totals,
        asked=asked,
        asked_left_out=totals.asked - len(asked),
        likely=likely,
        groups={parent: tuple(each) for parent, each in groupby(groups, key=lambda group: group.ultimate_parent_id)},
        product_groups=opened.query(GroupTotal, _PRODUCT_GROUPS, {"as_of": day, "most": MOST_GROUPS}),
        rated=_curve(opened, "rate_position", "rated_ratio_with", totals.share(totals.rated_revenue)),
        estimated=_curve(opened, "estimate_position", "estimated_ratio_with", totals.share(totals.estimated_revenue)),
    )


def _value(opened: Version, sql: str) -> object:
    row = opened.connection.execute(sql).fetchone()
    return row[0] if row else None


def _curve(opened: Version, position: str, ratio: str, today: Decimal | None) -> tuple[Point, ...]:
    """From what is judged today over every answer, few of thousands; none where there is no revenue to be judged."""
    if today is None:
        return ()
    points = opened.query(
        Point,
        f"""
        select {position} as answers, {ratio} as ratio
        from (select *, max({position}) over () as last from checked where {position} is not null)
        where {position} <= {MOST_POINTS} or {position} = last or {position} % greatest(1, last // {MOST_POINTS}) = 0
        order by {position}
        """,
    )
    return (Point(0, today), *points)
