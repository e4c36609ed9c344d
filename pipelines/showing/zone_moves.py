"""Two states of one portfolio, customer by customer: who changes zone, and the money behind them.

Belongs here: comparing two files of mart_portfolio rows. Not here: computing either (orchestration.what_if), showing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines import duck, durable
from pipelines.quoting import constant, literal
from pipelines.showing.version import Table, Version

COLUMNS = (
    "ultimate_parent_id",
    "customer_name",
    "relationship_type",
    "zone",
    "zone_status",
    "service_zone",
    "potential_score",
    "attractiveness_score",
    "net_revenue",
    "contribution_4",
    "potential_contribution",
)
"""What is compared of mart_portfolio."""


@dataclass(frozen=True, slots=True)
class CustomerMove:
    """A customer or lead whose zone differs. Money as it is before, 12 months; `_after` where a setting changes it too."""

    ultimate_parent_id: str
    customer_name: str | None
    relationship_type: str
    zone_before: str | None
    zone_after: str | None
    zone_status_before: str | None
    zone_status_after: str | None
    service_zone_before: str | None
    service_zone_after: str | None
    potential_score_before: Decimal | None
    potential_score_after: Decimal | None
    attractiveness_score_before: Decimal | None
    attractiveness_score_after: Decimal | None
    net_revenue: Decimal | None
    contribution_4: Decimal | None
    contribution_4_after: Decimal | None
    potential_contribution: Decimal | None
    potential_contribution_after: Decimal | None


@dataclass(frozen=True, slots=True)
class MoveTotal:
    """Everyone who goes from one zone to another; sums of what is known of them, before the change."""

    zone_before: str | None
    zone_after: str | None
    customers: int
    net_revenue: Decimal | None
    contribution_4: Decimal | None
    potential_contribution: Decimal | None


@dataclass(frozen=True, slots=True)
class ZoneMoves:
    """All differences between two states as of one date.

    `customers` are those who change zone, by the size of their contribution. `compared` counts everyone (leads too),
    `statuses` those who keep the zone but not the status, `scores` those with another score on either axis.
    """

    compared: int
    statuses: int
    scores: int
    totals: tuple[MoveTotal, ...]
    customers: tuple[CustomerMove, ...]


def keep_portfolio(warehouse: Path, as_of: date, target: Path) -> None:
    """Write what is compared of a warehouse's mart_portfolio as of one date to the Parquet file `target`."""
    with duck.reading(warehouse, target.parent) as connection, durable.aside(target) as aside:
        query = f"select {', '.join(COLUMNS)} from marts.mart_portfolio where as_of_date = {constant(as_of)}"
        duck.write_parquet(connection, f"{query} order by ultimate_parent_id", aside)


def differences_to_published(version: Path, as_of: date, state: Path) -> int:
    """How many customers of the state kept in `state` are not what a published version says, in anything compared."""
    with Version.opened(version, {"mart_portfolio": Table()}, beside=[state]) as opened:
        columns = ", ".join(COLUMNS)
        published = f"select {columns} from mart_portfolio where as_of_date = {constant(as_of)}"
        kept = f"select {columns} from read_parquet({literal(state)})"
        found = opened.connection.execute(
            "select count(distinct ultimate_parent_id) "
            f"from ((({published}) except ({kept})) union (({kept}) except ({published})))"
        ).fetchone()
    return int(found[0]) if found else 0


def compare(before: Path, after: Path) -> ZoneMoves:
    """Compare two files of `keep_portfolio`."""
    with duck.memory(before.parent) as connection:
        for name, path in (("before", before), ("after", after)):
            connection.execute(f"create view state_{name} as select * from read_parquet({literal(path)})")
        connection.execute(f"create table pair as {_PAIRS}")
        moved = "zone_before is distinct from zone_after"
        columns = ", ".join(field.name for field in fields(CustomerMove))
        customers = connection.execute(
            f"select {columns} from pair where {moved} order by abs(contribution_4) desc nulls last, ultimate_parent_id"
        ).fetchall()
        totals = connection.execute(
            f"""select zone_before, zone_after, count(*), sum(net_revenue), sum(contribution_4), sum(potential_contribution)
            from pair where {moved} group by 1, 2 order by count(*) desc, zone_before nulls last, zone_after nulls last"""
        ).fetchall()
        counts = connection.execute(
            f"""select
                count(*),
                count(*) filter (not ({moved}) and zone_status_before is distinct from zone_status_after),
                count(*) filter (
                    potential_score_before is distinct from potential_score_after
                    or attractiveness_score_before is distinct from attractiveness_score_after
                )
            from pair"""
        ).fetchone()
    compared, statuses, scores = counts or (0, 0, 0)
    return ZoneMoves(
        compared,
        statuses,
        scores,
        tuple(MoveTotal(*row) for row in totals),
        tuple(CustomerMove(*row) for row in customers),
    )


_BOTH = ("zone", "zone_status", "service_zone", "potential_score", "attractiveness_score")
_PAIRS = f"""
select
    coalesce(b.ultimate_parent_id, a.ultimate_parent_id) as ultimate_parent_id,
    coalesce(b.customer_name, a.customer_name) as customer_name,
    coalesce(b.relationship_type, a.relationship_type) as relationship_type,
    {", ".join(f"b.{name} as {name}_before, a.{name} as {name}_after" for name in _BOTH)},
    b.net_revenue,
    b.contribution_4,
    a.contribution_4 as contribution_4_after,
    b.potential_contribution,
    a.potential_contribution as potential_contribution_after
from state_before as b
full join state_after as a on b.ultimate_parent_id = a.ultimate_parent_id
"""
