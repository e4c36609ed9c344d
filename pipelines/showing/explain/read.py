"""What one published version says about one customer. Belongs here: the queries of an explanation.

Not here: which customer is meant (lookup), words and layout. Every figure is read, or added up from published figures
to check them; none is computed anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

import duckdb

from pipelines.errors import ExitCode, KundenwertError, Problem, VerifyError
from pipelines.showing.explain import lookup
from pipelines.showing.explain.model import (
    Action,
    Axis,
    Check,
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
from pipelines.showing.limits import read_limits

SERVING: Final = Path("bi") / "serving.duckdb"
DATES_SHOWN: Final = 12

Row = TypeVar("Row")
Key = Mapping[str, object]


def explain(version: Path, customer: str, as_of: date | None = None) -> Explanation:
    """Explain a customer or lead from a published version's directory, as of one of its dates (None: the latest).

    `customer` is the id of an ultimate parent, a booked customer id of one of its entities, or part of a name.
    Raises KundenwertError CUSTOMER_UNKNOWN, CUSTOMER_AMBIGUOUS, CUSTOMER_NOT_SCORED, AS_OF_UNKNOWN; VerifyError
    VERSION_INCOMPLETE where the version lacks a table or column this release publishes.
    """
    serving = version / SERVING
    if not serving.is_file():
        raise _incomplete(version, f"it has no {SERVING.as_posix()}")
    try:
        with duckdb.connect(str(serving), read_only=True) as connection:
            day = _as_of(connection, as_of)
            parent = lookup.find(connection, customer, day)
            return _read(connection, version.name, day, parent)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise _incomplete(version, str(error).splitlines()[0]) from None
    except (duckdb.IOException, duckdb.SerializationException) as error:
        raise _incomplete(version, f"{SERVING.as_posix()} cannot be read ({str(error).splitlines()[0]})") from None


def _incomplete(version: Path, what: str) -> VerifyError:
    remedy = f"kundenwert verify {version.name}; an older release's version: kundenwert run publishes anew"
    return VerifyError(Problem("VERSION_INCOMPLETE", f"{version.name} cannot be explained: {what}", "bi/", remedy))


def _as_of(connection: duckdb.DuckDBPyConnection, wanted: date | None) -> date:
    rows = connection.execute("select distinct as_of_date from mart_portfolio order by as_of_date desc").fetchall()
    published: list[date] = [row[0] for row in rows]
    if wanted is None and published:
        return published[0]
    if wanted in published:
        return wanted
    shown = ", ".join(str(day) for day in published[:DATES_SHOWN]) or "none"
    more = f" and {len(published) - DATES_SHOWN} earlier" if len(published) > DATES_SHOWN else ""
    asked = f"{wanted} is not published" if wanted is not None else "the version holds no as-of date"
    remedy = f"give one of them, or compute it: kundenwert run --as-of {wanted}" if wanted else "kundenwert run"
    error = KundenwertError(Problem("AS_OF_UNKNOWN", f"{asked}; published: {shown}{more}", "--as-of", remedy))
    error.exit_code = ExitCode.USAGE
    raise error


def _read(connection: duckdb.DuckDBPyConnection, version: str, as_of: date, parent: str) -> Explanation:
    key: Key = {"as_of": as_of, "id": parent}
    value = _only(connection, Value, "mart_portfolio", key)
    zone = _only(connection, Zone, "mart_portfolio", key)
    return Explanation(
        version=version,
        as_of_date=as_of,
        who=_only(connection, Who, "mart_portfolio", key),
        entities=_entities(connection, key),
        contribution=_only(connection, Contribution, "mart_portfolio", key),
        wallet=_only(connection, Wallet, "mart_portfolio", key),
        product_groups=_rows(
            connection, ProductGroup, "mart_share_of_wallet", key, "achievable_gap desc nulls last, product_group"
        ),
        axes=_axes(connection, key),
        value=value,
        value_parts=_value_parts(connection, key) if value.value_weight_contribution is not None else (),
        ranked_customers=_ranked_customers(connection, key),
        dangers=_first(connection, Dangers, "mart_abc_vs_value", key),
        zone=zone,
        distances=_distances(connection, key) if zone.zone_threshold is not None else (),
        action=_only(connection, Action, "mart_portfolio", key),
        sensitivity=_first(connection, Sensitivity, "mart_sensitivity", key),
        payment=_first(connection, Payment, "mart_customer_finance", key),
        loyalty=_first(connection, Loyalty, "mart_loyalty_growth", key),
        sources=_rows(connection, Source, "mart_data_coverage", key, "source_system, source_name"),
        checks=_checks(connection, key, value.value_weight_contribution is not None),
        limits=read_limits(connection),
    )


def _rows(
    connection: duckdb.DuckDBPyConnection, kind: type[Row], table: str, key: Key, order_by: str = "ultimate_parent_id"
) -> tuple[Row, ...]:
    published = {row[0] for row in connection.execute(f"describe {table}").fetchall()}
    chosen = [
        field.name
        for field in dataclasses.fields(kind)  # type: ignore[arg-type]
        if field.default is dataclasses.MISSING or field.name in published
    ]
    rows = connection.execute(
        f"select {', '.join(chosen)} from {table} where as_of_date = $as_of and ultimate_parent_id = $id "
        f"order by {order_by}",
        key,
    ).fetchall()
    return tuple(kind(**dict(zip(chosen, row, strict=True))) for row in rows)


def _first(connection: duckdb.DuckDBPyConnection, kind: type[Row], table: str, key: Key) -> Row | None:
    rows = _rows(connection, kind, table, key)
    return rows[0] if rows else None


def _only(connection: duckdb.DuckDBPyConnection, kind: type[Row], table: str, key: Key) -> Row:
    return _rows(connection, kind, table, key)[0]


def _entities(connection: duckdb.DuckDBPyConnection, key: Key) -> tuple[str, ...]:
    rows = connection.execute(
        "select distinct customer_id from fct_customer_contribution where ultimate_parent_id = $id order by 1",
        {"id": key["id"]},
    ).fetchall()
    return tuple(row[0] for row in rows)


def _ranked_customers(connection: duckdb.DuckDBPyConnection, key: Key) -> int:
    query = "select count(rank_customer_value) from mart_portfolio where as_of_date = $as_of"
    rows = connection.execute(query, {"as_of": key["as_of"]}).fetchall()
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
        where published.score is not null or parts.points is not null
    )
"""


def _axes(connection: duckdb.DuckDBPyConnection, key: Key) -> tuple[Axis, ...]:
    criteria = _rows(connection, Criterion, "fct_criterion_score", key, "weight_points desc, criterion_id")
    rows = connection.execute(f"{_AXES} select * exclude (position) from axes order by position, axis", key).fetchall()
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


def _value_parts(connection: duckdb.DuckDBPyConnection, key: Key) -> tuple[ValuePart, ...]:
    rows = connection.execute(
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


def _distances(connection: duckdb.DuckDBPyConnection, key: Key) -> tuple[Distance, ...]:
    rows = connection.execute(
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


def _checks(connection: duckdb.DuckDBPyConnection, key: Key, has_value_weights: bool) -> tuple[Check, ...]:
    queries = (_MONEY_CHECKS, _SCORE_CHECKS, *((_VALUE_CHECK,) if has_value_weights else ()))
    rows = [row for query in queries for row in connection.execute(query + _COMPARED, key).fetchall()]
    return tuple(Check(*row) for row in rows)
