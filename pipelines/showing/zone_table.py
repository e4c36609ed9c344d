"""The table a run ends with, read from the published files: what readers get is what is shown.

Belongs here: only that. (The one query of this package; it adds up, it decides nothing.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.vocabulary import code_groups


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One zone: customers (or leads) in it, and their twelve months up to the as-of date.

    Money in the reporting currency; effort is the sales force's time, in hours and at its cost (METHOD 1.4). A sum is
    None where nothing is known of any customer.
    """

    zone: str
    customers: int
    net_revenue: Decimal | None
    contribution_4: Decimal | None
    effort_hours: Decimal | None
    effort_cost: Decimal | None


def zone_table(version: Path, as_of: date) -> tuple[ZoneRow, ...]:
    """The zones of a published version as of one of its dates, in the order people read them."""
    with duckdb.connect() as connection:
        connection.from_parquet(str(version / "bi" / "mart_portfolio.parquet")).create_view("portfolio")
        rows = connection.execute(
            """
            select
                zone, count(*), sum(net_revenue), sum(contribution_4), sum(field_hours + inside_hours), sum(sales_cost)
            from portfolio
            where as_of_date = $as_of
            group by zone
            """,
            {"as_of": as_of},
        ).fetchall()
    place = code_groups()["zone"].place
    return tuple(sorted((ZoneRow(*row) for row in rows), key=lambda row: (place(row.zone), row.zone)))
