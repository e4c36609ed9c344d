"""Two states of one portfolio compared, customer by customer: who changes zone, and the money behind them.

Belongs here: keeping what is compared of a warehouse, and comparing two kept states. Not here: computing either (orchestration.what_if).
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

from pipelines import duck, durable
from pipelines.quoting import constant, literal
from pipelines.showing.version import Table, Version
from pipelines.showing.what_if.model import CustomerMove, MoveTotal, ZoneMoves

COLUMNS = (
    "ultimate_parent_id",
    "customer_name",
    "relationship_type",
    "zone",
    "raw_zone",
    "is_hysteresis_hold",
    "zone_status",
    "service_zone",
    "potential_score",
    "attractiveness_score",
    "potential_coverage_points",
    "attractiveness_coverage_points",
    "zone_threshold",
    "net_revenue",
    "customer_contribution",
    "potential_contribution",
)
"""What is compared of mart_portfolio."""

MODELS = ("mart_portfolio", "fct_criterion_score")
"""What a warehouse must hold for a state to be kept."""


def keep_state(warehouse: Path, as_of: date, folder: Path) -> Path:
    """Write what is compared of a warehouse as of one date into the new directory `folder`, and return it."""
    folder.mkdir()
    with duck.reading(warehouse, folder) as connection:
        for name, query in {
            "portfolio": f"select {', '.join(COLUMNS)} from marts.mart_portfolio where as_of_date = {constant(as_of)} "
            "order by ultimate_parent_id",
            "criteria": "select ultimate_parent_id, axis, criterion_id, criterion_name_en, criterion_name_de, points "
            f"from marts.fct_criterion_score where as_of_date = {constant(as_of)} order by ultimate_parent_id, axis, criterion_id",
        }.items():
            with durable.aside(_file(folder, name)) as aside:
                duck.write_parquet(connection, query, aside)
    return folder


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"


def differences_to_published(version: Path, as_of: date, state: Path) -> int:
    """How many customers of a kept state are not what a published version says, in anything compared."""
    kept_file = _file(state, "portfolio")
    with Version.opened(version, {"mart_portfolio": Table()}, beside=[kept_file]) as opened:
        columns = ", ".join(COLUMNS)
        published = f"select {columns} from mart_portfolio where as_of_date = {constant(as_of)}"
        kept = f"select {columns} from read_parquet({literal(kept_file)})"
        found = opened.connection.execute(
            "select count(distinct ultimate_parent_id) "
            f"from ((({published}) except ({kept})) union (({kept}) except ({published})))"
        ).fetchone()
    return int(found[0]) if found else 0


def compare(before: Path, after: Path) -> ZoneMoves:
    """Compare two states of `keep_state`."""
    with duck.memory(before.parent) as connection:
        for state, folder in (("before", before), ("after", after)):
            for name in ("portfolio", "criteria"):
                path = _file(folder, name)
                connection.execute(f"create view {name}_{state} as select * from read_parquet({literal(path)})")
        connection.execute(f"create table pair as {_PAIRS}")
        columns = ", ".join(field.name for field in fields(CustomerMove))
        found = connection.execute(
            f"select is_moved, {columns} from ({_MOVED}) order by abs(contribution) desc nulls last, ultimate_parent_id"
        ).fetchall()
        totals = connection.execute(
            """select zone_before, zone_after, count(*), sum(net_revenue), sum(contribution), sum(potential_contribution)
            from pair where is_moved group by 1, 2 order by count(*) desc, zone_before nulls last, zone_after nulls last"""
        ).fetchall()
        counts = connection.execute(
            """select
                count(*),
                count(*) filter (not is_moved and zone_status_before is distinct from zone_status_after),
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
        tuple(CustomerMove(*row) for is_moved, *row in found if is_moved),
        tuple(CustomerMove(*row) for is_moved, *row in found if not is_moved),
    )


_BOTH = {
    "zone": "zone",
    "raw_zone": "raw_zone",
    "is_held": "is_hysteresis_hold",
    "zone_status": "zone_status",
    "service_zone": "service_zone",
    "potential_score": "potential_score",
    "attractiveness_score": "attractiveness_score",
    "potential_coverage": "potential_coverage_points",
    "attractiveness_coverage": "attractiveness_coverage_points",
    "threshold": "zone_threshold",
    "contribution": "customer_contribution",
    "potential_contribution": "potential_contribution",
}
_PAIRS = f"""
with pairs as (
    select
        coalesce(b.ultimate_parent_id, a.ultimate_parent_id) as ultimate_parent_id,
        coalesce(b.customer_name, a.customer_name) as customer_name,
        coalesce(b.relationship_type, a.relationship_type) as relationship_type,
        {", ".join(f"b.{column} as {name}_before, a.{column} as {name}_after" for name, column in _BOTH.items())},
        b.net_revenue
    from portfolio_before as b
    full join portfolio_after as a on b.ultimate_parent_id = a.ultimate_parent_id
),

sides as (
    select
        *,
        (potential_score_before >= threshold_before) <> (potential_score_after >= threshold_after) as is_potential_crossed,
        (attractiveness_score_before >= threshold_before) <> (attractiveness_score_after >= threshold_after)
            as is_attractiveness_crossed,
        abs(potential_score_after - potential_score_before) >= abs(attractiveness_score_after - attractiveness_score_before)
            as is_potential_further
    from pairs
)

select
    * exclude (contribution_before, potential_contribution_before),
    contribution_before as contribution,
    potential_contribution_before as potential_contribution,
    zone_before is distinct from zone_after as is_moved,
    -- Who crosses on both axes does so chiefly on the one whose score moves further.
    case
        when is_potential_crossed and (is_attractiveness_crossed is not true or is_potential_further) then 'potential'
        when is_attractiveness_crossed then 'attractiveness'
    end as crossed_axis
from sides
"""
_MOVED = """
with asked as (
    select
        *,
        case crossed_axis
            when 'potential' then sign(potential_score_after - potential_score_before)
            when 'attractiveness' then sign(attractiveness_score_after - attractiveness_score_before)
        end as direction
    from pair
    where is_moved or raw_zone_before is distinct from raw_zone_after
),

-- A criterion that is only on one side weighs nothing on the other.
shifts as (
    select
        coalesce(b.ultimate_parent_id, a.ultimate_parent_id) as ultimate_parent_id,
        coalesce(b.axis, a.axis) as axis,
        coalesce(b.criterion_id, a.criterion_id) as criterion_id,
        coalesce(b.criterion_name_en, a.criterion_name_en) as criterion_name_en,
        coalesce(b.criterion_name_de, a.criterion_name_de) as criterion_name_de,
        coalesce(a.points, 0) - coalesce(b.points, 0) as criterion_points
    from criteria_before as b
    full join criteria_after as a
        on b.ultimate_parent_id = a.ultimate_parent_id and b.axis = a.axis and b.criterion_id = a.criterion_id
),

foremost as (
    select asked.ultimate_parent_id, shifts.* exclude (ultimate_parent_id, axis)
    from asked
    inner join shifts on asked.ultimate_parent_id = shifts.ultimate_parent_id and asked.crossed_axis = shifts.axis
    where shifts.criterion_points * asked.direction > 0
    qualify row_number() over (
        partition by asked.ultimate_parent_id order by shifts.criterion_points * asked.direction desc, shifts.criterion_id
    ) = 1
)

select asked.* exclude (direction), foremost.* exclude (ultimate_parent_id)
from asked
left join foremost on asked.ultimate_parent_id = foremost.ultimate_parent_id
"""
