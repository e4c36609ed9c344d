"""The table a run ends with, read from the published files: what readers get is what is shown.

Belongs here: only that. It adds up, it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines.showing.version import Table, Version
from pipelines.vocabulary import code_groups


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One zone: customers, or leads, in it, never both, and their twelve months up to the as-of date.

    Money in the reporting currency; effort is the sales force's time, in hours and at its cost (METHOD 1.4). A sum is
    None where nothing is known of any customer.
    """

    zone: str
    customers: int
    net_revenue: Decimal | None
    contribution_4: Decimal | None
    effort_hours: Decimal | None
    effort_cost: Decimal | None
    relationship_type: str = "customer"


def zone_table(version: Path, as_of: date) -> tuple[ZoneRow, ...]:
    """The zones of a published version as of one of its dates, in the order people read them. Raises VerifyError."""
    with Version.opened(version, {"mart_portfolio": Table()}) as opened:
        rows = opened.query(
            ZoneRow,
            """
            select
                zone,
                count(*) as customers,
                sum(net_revenue) as net_revenue,
                sum(contribution_4) as contribution_4,
                sum(field_hours + inside_hours) as effort_hours,
                sum(sales_cost) as effort_cost,
                relationship_type
            from mart_portfolio
            where as_of_date = $as_of
            group by zone, relationship_type
            """,
            {"as_of": as_of},
        )
    place = code_groups()["zone"].place
    return tuple(sorted(rows, key=lambda row: (row.relationship_type == "lead", place(row.zone), row.zone)))
