"""The table a run ends with, read from the published files: what readers get is what is shown.

Belongs here: only that. It adds up, it decides nothing. Its last row is the company: every row above it is in it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from pipelines.showing.version import Table, Tables, Version
from pipelines.vocabulary import code_groups

COMPANY: Final = "company"


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One zone of the customers; or what is no customer's, by its name (vocabulary: company_part); or all together (`company`).

    `customers` counts who is in it (leads, own companies), None where nobody can be. Their twelve months up to the as-of date:
    money in the reporting currency; the contribution is the deepest that the company's costs allow (METHOD 1.3 depth); effort is
    the sales force's time, in hours and at its cost (METHOD 1.4). A sum is None where nothing is known of it.
    """

    zone: str
    customers: int | None
    net_revenue: Decimal | None
    contribution: Decimal | None
    effort_hours: Decimal | None
    effort_cost: Decimal | None

    @property
    def is_zone(self) -> bool:
        """A zone of customers."""
        return self.zone not in code_groups()["company_part"].codes


@dataclass(frozen=True, slots=True)
class _Customer:
    """Columns of mart_portfolio that older versions lack."""

    customer_contribution: Decimal | None = None
    contribution_depth: int | None = None


@dataclass(frozen=True, slots=True)
class _Month:
    """Columns of mart_contribution_month."""

    as_of_date: date | None = None
    month_start: date | None = None
    ultimate_parent_id: str | None = None
    relationship_type: str | None = None
    net_revenue: Decimal | None = None
    contribution_4: Decimal | None = None
    customer_contribution: Decimal | None = None
    contribution_depth: int | None = None
    field_hours: Decimal | None = None
    inside_hours: Decimal | None = None
    sales_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Booked:
    """Columns of mart_reconciliation."""

    as_of_date: date | None = None
    period: str | None = None
    account_group: str | None = None
    quarantined: Decimal | None = None
    unused_capacity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """Columns of mart_data_coverage."""

    source_name: str | None = None
    is_delivered: bool | None = None


TABLES: Final[Tables] = {
    "mart_portfolio": Table((_Customer,)),
    "mart_data_coverage": Table((_Source,), is_later=True),
    "mart_contribution_month": Table((_Month,), is_later=True),
    "mart_reconciliation": Table((_Booked,), is_later=True),
}

# Versions from before the depth was told have contribution IV only.
_CONTRIBUTION: Final = "case when contribution_depth is null then contribution_4 else customer_contribution end"

# Without activities nobody knows what the sales force did; without hours, they did nothing.
_HOURS: Final = """sum(field_hours + inside_hours) filter (
            where not exists (select 1 from mart_data_coverage where source_name = 'activities' and not is_delivered)
        )"""

_ZONES: Final = f"""
    select
        case when relationship_type = 'lead' then 'lead' else zone end as zone,
        count(*) as customers,
        sum(net_revenue) as net_revenue,
        sum({_CONTRIBUTION}) as contribution,
        {_HOURS} as effort_hours,
        sum(sales_cost) as effort_cost
    from mart_portfolio
    where as_of_date = $as_of
    group by 1
"""

_OTHERS: Final = f"""
    select
        relationship_type as zone,
        case when relationship_type = 'intercompany' then count(distinct ultimate_parent_id) end as customers,
        sum(net_revenue) as net_revenue,
        sum({_CONTRIBUTION}) as contribution,
        {_HOURS} as effort_hours,
        sum(sales_cost) as effort_cost
    from mart_contribution_month
    where
        as_of_date = $as_of
        and month_start > $as_of - interval 12 months
        and relationship_type in ('intercompany', 'unassigned')
    group by relationship_type
"""

# Signed as in a result: revenue positive, costs negative. Groups whose ledger is yearly have no months. What a group is of the
# contribution begins with its depth; at depth 0 nothing is.
_BESIDE: Final = """
    with depth as (
        select coalesce(max(contribution_depth), 4) as depth from mart_portfolio where as_of_date = $as_of
    ),

    months as (
        select
            *,
            depth >= case
                when account_group = 'marketing' then 2
                when account_group in ('field_sales_cost', 'inside_sales_cost') then 3
                when account_group = 'service_logistics' then 4
                else 1
            end as is_in_contribution
        from mart_reconciliation
        cross join depth
        where
            as_of_date = $as_of
            and period like '____-__'
            and period > strftime($as_of - interval 12 months, '%Y-%m')
            and period <= strftime($as_of, '%Y-%m')
    )

    select
        'quarantined' as zone,
        cast(null as bigint) as customers,
        sum(quarantined) filter (where account_group in ('gross_list_revenue', 'revenue_deductions', 'net_revenue')) as net_revenue,
        sum(quarantined) filter (where is_in_contribution) as contribution,
        cast(null as decimal(18, 4)) as effort_hours,
        cast(null as decimal(18, 2)) as effort_cost
    from months
    having sum(abs(quarantined)) > 0
    union all
    select
        'unused_capacity' as zone,
        cast(null as bigint) as customers,
        cast(null as decimal(18, 2)) as net_revenue,
        sum(unused_capacity) filter (where is_in_contribution and unused_capacity <> 0) as contribution,
        cast(null as decimal(18, 4)) as effort_hours,
        -sum(unused_capacity) as effort_cost
    from months
    having sum(abs(unused_capacity)) > 0
"""


def zone_table(version: Path, as_of: date) -> tuple[ZoneRow, ...]:
    """The company of a published version as of one of its dates: customers by zone, all that is no customer's, the sum.

    In the order people read it. A version without the marts of what is no customer's has neither those rows nor the sum. Raises
    VerifyError.
    """
    given = {"as_of": as_of}
    with Version.opened(version, TABLES) as opened:
        rows = [*opened.query(ZoneRow, _ZONES, given), *opened.query(ZoneRow, _OTHERS, given)]
        rows += opened.query(ZoneRow, _BESIDE, given)
        is_whole = opened.has("mart_contribution_month") and opened.has("mart_reconciliation")
    zones, parts = code_groups()["zone"], code_groups()["company_part"]

    def place(row: ZoneRow) -> tuple[bool, int, str]:
        return not row.is_zone, (zones if row.is_zone else parts).place(row.zone), row.zone

    rows.sort(key=place)
    return (*rows, _together(rows)) if is_whole else tuple(rows)


def _together(rows: Sequence[ZoneRow]) -> ZoneRow:
    def summed(amounts: Sequence[Decimal | None]) -> Decimal | None:
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known else None

    return ZoneRow(
        zone=COMPANY,
        customers=None,
        # Of a zone whose revenue nobody delivers the company's is not known either.
        net_revenue=None
        if any(row.is_zone and row.net_revenue is None for row in rows)
        else summed([row.net_revenue for row in rows]),
        contribution=summed([row.contribution for row in rows]),
        effort_hours=summed([row.effort_hours for row in rows]),
        effort_cost=summed([row.effort_cost for row in rows]),
    )
