"""What one published version says about one customer. Belongs here: the queries of an explanation.

Not here: which customer is meant (lookup), words and layout. Every figure is read, or added up from published figures
to check them; none is computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from pipelines.errors import Problem, UsageError
from pipelines.showing.explain import lookup
from pipelines.showing.explain.model import (
    Action,
    Axis,
    Check,
    Contact,
    Contribution,
    Criterion,
    Dangers,
    Distance,
    Explanation,
    Loyalty,
    Payment,
    ProductGroup,
    Sensitivity,
    Source,
    Value,
    ValuePart,
    Wallet,
    Who,
    Zone,
)
from pipelines.showing.limits import SETTINGS, read_limits
from pipelines.showing.version import Table, Tables, Version

DATES_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class _Judged:
    """A month of mart_zone_history."""

    as_of_date: date | None = None


Row = TypeVar("Row")
Key = Mapping[str, object]

TABLES: Final[Tables] = {
    "mart_portfolio": Table.of(Who, Contribution, Wallet, Value, Zone, Action),
    "mart_share_of_wallet": Table.of(ProductGroup),
    "fct_criterion_score": Table.of(Criterion),
    "mart_abc_vs_value": Table.of(Dangers),
    "mart_sensitivity": Table.of(Sensitivity),
    "mart_customer_finance": Table.of(Payment),
    "mart_loyalty_growth": Table.of(Loyalty),
    "mart_data_coverage": Table.of(Source),
    "mart_customer_types": Table(),
    "mart_service_levels": Table((Contact,), is_later=True),
    "mart_zone_history": Table((_Judged,), is_later=True),
    **SETTINGS,
    "fct_customer_contribution": Table(),
    "dim_customer": Table(),
}
"""What is read of a version, and which rows become what."""


def explain(version: Path, customer: str, as_of: date | None = None) -> Explanation:
    """Explain a customer or lead from a published version's directory, as of one of its dates (None: the latest).

    `customer` is the id of an ultimate parent, a booked customer id of one of its entities, or part of a name.
    Raises KundenwertError CUSTOMER_UNKNOWN, CUSTOMER_AMBIGUOUS, CUSTOMER_NOT_SCORED, AS_OF_UNKNOWN; VerifyError as
    Version.opened does, VERSION_INCOMPLETE where the version lacks a table or column this release publishes.
    """
    with Version.opened(version, TABLES) as opened:
        return explain_in(opened, customer, as_of)


def explain_in(version: Version, customer: str, as_of: date | None = None) -> Explanation:
    """As `explain`, from a version that is open with TABLES."""
    day = _as_of(version, as_of)
    return _read(version, day, lookup.find(version.connection, customer, day))


def _as_of(version: Version, wanted: date | None) -> date:
    rows = version.connection.execute(
        "select distinct as_of_date from mart_portfolio order by as_of_date desc"
    ).fetchall()
    published: list[date] = [row[0] for row in rows]
    if wanted is None and published:
        return published[0]
    if wanted in published:
        return wanted
    shown = ", ".join(str(day) for day in published[:DATES_SHOWN]) or "none"
    more = f" and {len(published) - DATES_SHOWN} earlier" if len(published) > DATES_SHOWN else ""
    asked = f"{wanted} is not published" if wanted is not None else "the version holds no as-of date"
    remedy = f"give one of them, or compute it: kundenwert run --as-of {wanted}" if wanted else "kundenwert run"
    raise UsageError(Problem("AS_OF_UNKNOWN", f"{asked}; published: {shown}{more}", "--as-of", remedy))


def _read(version: Version, as_of: date, parent: str) -> Explanation:
    key: Key = {"as_of": as_of, "id": parent}
    value = _only(version, Value, "mart_portfolio", key)
    zone = _only(version, Zone, "mart_portfolio", key)
    criteria = _rows(version, Criterion, "fct_criterion_score", key, "weight_points desc, criterion_id")
    axes = _axes(version, key, criteria)
    scored = {axis.axis for axis in axes}
    return Explanation(
        version=version.name,
        as_of_date=as_of,
        is_open_month=as_of in version.manifest.open_months,
        waived=version.manifest.waivers,
        who=_only(version, Who, "mart_portfolio", key),
        entities=_entities(version, key),
        contribution=_only(version, Contribution, "mart_portfolio", key),
        wallet=_only(version, Wallet, "mart_portfolio", key),
        product_groups=_rows(
            version, ProductGroup, "mart_share_of_wallet", key, "achievable_gap desc nulls last, product_group"
        ),
        axes=axes,
        unscored=tuple(each for each in criteria if each.axis not in scored),
        value=value,
        value_parts=_value_parts(version, key) if value.value_weight_contribution is not None else (),
        ranked_customers=_ranked_customers(version, key),
        dangers=_first(version, Dangers, "mart_abc_vs_value", key),
        zone=zone,
        distances=_distances(version, key) if zone.zone_threshold is not None else (),
        action=_only(version, Action, "mart_portfolio", key),
        sensitivity=_first(version, Sensitivity, "mart_sensitivity", key),
        payment=_first(version, Payment, "mart_customer_finance", key),
        loyalty=_first(version, Loyalty, "mart_loyalty_growth", key),
        contact=_first(version, Contact, "mart_service_levels", key) if version.has("mart_service_levels") else None,
        judged_from=_judged_from(version, as_of),
        sources=_rows(version, Source, "mart_data_coverage", key, "source_system, source_name"),
        checks=_checks(version, key, value.value_weight_contribution is not None),
        limits=read_limits(version),
    )


def _rows(
    version: Version, kind: type[Row], table: str, key: Key, order_by: str = "ultimate_parent_id"
) -> tuple[Row, ...]:
    return version.rows(kind, table, "as_of_date = $as_of and ultimate_parent_id = $id", key, order_by)


def _first(version: Version, kind: type[Row], table: str, key: Key) -> Row | None:
    rows = _rows(version, kind, table, key)
    return rows[0] if rows else None


def _only(version: Version, kind: type[Row], table: str, key: Key) -> Row:
    return _rows(version, kind, table, key)[0]


def _entities(version: Version, key: Key) -> tuple[str, ...]:
    rows = version.connection.execute(
        "select distinct customer_id from fct_customer_contribution where ultimate_parent_id = $id order by 1",
        {"id": key["id"]},
    ).fetchall()
    return tuple(row[0] for row in rows)


def _judged_from(version: Version, as_of: date) -> date | None:
    query = "select min(as_of_date) from mart_zone_history where as_of_date <= $as_of"
    ((first,),) = version.connection.execute(query, {"as_of": as_of}).fetchall()
    return first if isinstance(first, date) else None


def _ranked_customers(version: Version, key: Key) -> int:
    query = """
        select coalesce(nullif(count(rank_customer_value), 0), count(*) filter (relationship_type = 'customer'))
        from mart_portfolio where as_of_date = $as_of
    """
    rows = version.connection.execute(query, {"as_of": key["as_of"]}).fetchall()
    return int(rows[0][0])


# The published scores beside the sums of their parts; either side may lack an axis, which the checks then tell.
_AXES: Final = """
    with

    portfolio as (
        select * from mart_portfolio where as_of_date = $as_of and ultimate_parent_id = $id
    ),

    types as (
        select * from mart_customer_types where as_of_date = $as_of and ultimate_parent_id = $id
    ),

    published as (
        select
            1 as position, 'potential' as axis, potential_score as score, potential_score_low as score_low,
            potential_score_high as score_high, potential_coverage_points as coverage_points
        from portfolio
        union all
        select
            2, 'attractiveness', attractiveness_score, attractiveness_score_low, attractiveness_score_high,
            attractiveness_coverage_points
        from portfolio
        union all
        select 3, 'contribution', contribution_score, null, null, null from portfolio
        union all
        select
            4, 'value_of_customer', value_of_customer_score, value_of_customer_score_low, value_of_customer_score_high,
            value_of_customer_coverage_points
        from types
        union all
        select
            5, 'value_to_customer', value_to_customer_score, value_to_customer_score_low, value_to_customer_score_high,
            value_to_customer_coverage_points
        from types
    ),

    parts as (
        select
            axis,
            sum(weight_points) as weight_points,
            sum(points) as points,
            sum(points_low) as points_low,
            sum(points_high) as points_high
        from fct_criterion_score
        where as_of_date = $as_of and ultimate_parent_id = $id
        group by axis
    ),

    axes as (
        select
            coalesce(published.position, 6) as position,
            axis,
            coalesce(parts.weight_points, 0) as weight_points,
            coalesce(parts.points, 0) as points,
            coalesce(parts.points_low, 0) as points_low,
            coalesce(parts.points_high, 0) as points_high,
            published.score,
            published.score_low,
            published.score_high,
            published.coverage_points
        from published
        full join parts using (axis)
        -- Without a known contribution there is no score of it, whatever the midpoint would add up to.
        where published.score is not null or (parts.points is not null and axis <> 'contribution')
    )
"""


def _axes(version: Version, key: Key, criteria: tuple[Criterion, ...]) -> tuple[Axis, ...]:
    rows = version.connection.execute(
        f"{_AXES} select * exclude (position) from axes order by position, axis", key
    ).fetchall()
    return tuple(
        Axis(
            axis=row[0],
            weight_points=int(row[1]),
            points=row[2],
            points_low=row[3],
            points_high=row[4],
            score=row[5],
            score_low=row[6],
            score_high=row[7],
            coverage_points=row[8],
            criteria=tuple(part for part in criteria if part.axis == row[0]),
        )
        for row in rows
    )


def _value_parts(version: Version, key: Key) -> tuple[ValuePart, ...]:
    rows = version.connection.execute(
        """
        with

        portfolio as (
            select * from mart_portfolio
            where as_of_date = $as_of and ultimate_parent_id = $id and customer_value_score is not null
        )

        select 'contribution', value_weight_contribution, contribution_score,
            value_weight_contribution * contribution_score
        from portfolio
        union all
        select 'potential', value_weight_potential, potential_score, value_weight_potential * potential_score
        from portfolio
        union all
        select 'attractiveness', value_weight_attractiveness, attractiveness_score,
            value_weight_attractiveness * attractiveness_score
        from portfolio
        """,
        key,
    ).fetchall()
    return tuple(ValuePart(*row) for row in rows)


def _distances(version: Version, key: Key) -> tuple[Distance, ...]:
    rows = version.connection.execute(
        """
        select unnest(['potential', 'attractiveness']), unnest([
            potential_score - zone_threshold, attractiveness_score - zone_threshold
        ])
        from mart_portfolio
        where as_of_date = $as_of and ultimate_parent_id = $id
        """,
        key,
    ).fetchall()
    return tuple(Distance(*row) for row in rows if row[1] is not None)


_MONEY_CHECKS: Final = """
    with

    portfolio as (
        select * from mart_portfolio where as_of_date = $as_of and ultimate_parent_id = $id
    ),

    figures as (
        select 1 as position, 'net_revenue' as figure, gross_list_revenue - revenue_deductions as parts,
            net_revenue as total
        from portfolio
        union all
        select 2, 'contribution_1', net_revenue - cogs, contribution_1 from portfolio
        union all
        select 3, 'contribution_2', contribution_1 - marketing_cost, contribution_2 from portfolio
        union all
        select 4, 'contribution_3', contribution_2 - sales_cost, contribution_3 from portfolio
        union all
        select 5, 'contribution_4', contribution_3 - service_logistics_cost, contribution_4 from portfolio
    )
"""

# Every branch is cast: a union of decimals of different scales takes the first one's and would round the others.
_SCORE_CHECKS: Final = f"""
    {_AXES},

    figures as (
        select position, axis || '_weights' as figure, cast(weight_points as decimal(38, 4)) as parts,
            cast(100 as decimal(38, 4)) as total
        from axes
        union all
        select position, axis || '_score', cast(points as decimal(38, 4)), cast(score as decimal(38, 4)) from axes
        union all
        select position, axis || '_score_low', cast(points_low as decimal(38, 4)), cast(score_low as decimal(38, 4))
        from axes
        where axis <> 'contribution'
        union all
        select position, axis || '_score_high', cast(points_high as decimal(38, 4)), cast(score_high as decimal(38, 4))
        from axes
        where axis <> 'contribution'
    )
"""

_VALUE_CHECK: Final = """
    with

    figures as (
        select 1 as position, 'customer_value_score' as figure,
            cast(round(
                value_weight_contribution * contribution_score + value_weight_potential * potential_score
                + value_weight_attractiveness * attractiveness_score, 4
            ) as decimal(38, 4)) as parts,
            cast(customer_value_score as decimal(38, 4)) as total
        from mart_portfolio
        where as_of_date = $as_of and ultimate_parent_id = $id and customer_value_score is not null
    )
"""

_COMPARED: Final = """
    select figure, parts, total, total - parts, parts is not distinct from total
    from figures
    where parts is not null or total is not null
    order by position, figure
"""


def _checks(version: Version, key: Key, has_value_weights: bool) -> tuple[Check, ...]:
    queries = (_MONEY_CHECKS, _SCORE_CHECKS, *((_VALUE_CHECK,) if has_value_weights else ()))
    rows = [row for query in queries for row in version.connection.execute(query + _COMPARED, key).fetchall()]
    return tuple(Check(*row) for row in rows)
