"""The semantic layer: MetricFlow's answers are those of SQL on the marts. Belongs here: metrics asked and compared, the list of them.

Not here: whether the marts are right (test_demo.py). The SQL is rendered by MetricFlow from what dbt compiled, and run on serving.duckdb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import duckdb
import pytest
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from orchestration.dbt.manifest import SEMANTICS, ensure_manifest
from pipelines.quoting import literal
from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company

Rows = list[tuple[Any, ...]]
Ask = Callable[..., Rows]


class _OnlyRendered:
    """What MetricFlow asks of a database it does not run anything in."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        return f"${bind_parameter_key}"

    def query(self, *_: object, **__: object) -> NoReturn:
        raise NotImplementedError

    execute = dry_run = close = query


@pytest.fixture(scope="module")
def engine() -> MetricFlowEngine:
    compiled = (ensure_manifest().parent / SEMANTICS).read_text(encoding="utf-8")
    manifest = parse_manifest_from_dbt_generated_manifest(compiled)
    return MetricFlowEngine(SemanticManifestLookup(manifest), _OnlyRendered())


@pytest.fixture(scope="module")
def marts(demo: Company) -> Iterator[duckdb.DuckDBPyConnection]:
    """serving.duckdb under the names dbt gives the marts."""
    with duckdb.connect() as connection:
        file = demo.current / "bi" / "serving.duckdb"
        connection.execute(f"attach {literal(file)} as served (read_only)")
        connection.execute("attach ':memory:' as warehouse")
        connection.execute("create schema warehouse.marts")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'served'"
        ).fetchall():
            connection.execute(f"create view warehouse.marts.{table} as select * from served.main.{table}")
        yield connection


@pytest.fixture(scope="module")
def ask(engine: MetricFlowEngine, marts: duckdb.DuckDBPyConnection) -> Ask:
    def rows(*metrics: str, by: tuple[str, ...] = (), where: tuple[str, ...] = ()) -> Rows:
        request = MetricFlowQueryRequest.create(
            metric_names=metrics, group_by_names=by or None, where_constraints=where or None
        )
        return marts.execute(engine.explain(request).sql_statement.sql).fetchall()

    return rows


def in_order(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: tuple((value is None, str(value)) for value in row))


# Metrics and what they are cut by, and the SQL that a controller would write.
COMPARED = (
    (
        ("year_net_revenue", "year_contribution", "untapped_potential", "year_demand", "customers_and_leads"),
        (),
        """select sum(net_revenue), sum(customer_contribution), sum(achievable_gap), sum(annual_demand), count(*)
        from current_mart_portfolio""",
    ),
    (
        ("customers_and_leads", "field_hours_spent", "avoidable_cost_of_care"),
        ("customer_day__zone",),
        "select zone, count(*), sum(field_hours), sum(avoidable_cost) from current_mart_portfolio group by zone",
    ),
    (
        ("mean_potential_score", "mean_attractiveness_score"),
        ("customer_day__abc_class",),
        "select abc_class, avg(potential_score), avg(attractiveness_score) from current_mart_portfolio group by abc_class",
    ),
    (
        ("gross_list_revenue", "net_revenue", "contribution_1", "contribution_4", "visits_made"),
        ("metric_time__quarter",),
        """select date_trunc('quarter', month_start), sum(gross_list_revenue), sum(net_revenue), sum(contribution_1), sum(contribution_4),
        sum(visits) from mart_contribution_month group by 1""",
    ),
    (
        ("net_revenue",),
        ("customer__home_region", "metric_time__year"),
        """select date_trunc('year', month_start), region, sum(m.net_revenue) from mart_contribution_month m
        join dim_customer_current using (ultimate_parent_id) group by 1, 2""",
    ),
    (
        ("tasks_due",),
        ("task_of_customer__task",),
        "select task, count(*) from current_mart_worklist group by task",
    ),
    (
        ("wallet_demand", "wallet_gap"),
        ("wallet__product_group",),
        "select product_group, sum(annual_demand), sum(achievable_gap) from current_mart_share_of_wallet group by 1",
    ),
)


@pytest.mark.parametrize(
    ("metrics", "by", "sql"), COMPARED, ids=lambda value: "-".join(value) if isinstance(value, tuple) else ""
)
def test_metrics_are_what_sql_says(
    metrics: tuple[str, ...], by: tuple[str, ...], sql: str, ask: Ask, demo: Company
) -> None:
    with demo.serving() as bi:
        wanted = bi.execute(sql).fetchall()
    found = ask(*metrics, by=by)
    assert wanted and in_order(_comparable(found)) == in_order(_comparable(wanted))


def _comparable(rows: Rows) -> Rows:
    """Days as days; what is averaged or divided, which MetricFlow does in floating point, to nine digits."""
    return [
        tuple(
            round(value, 9) if isinstance(value, float) else value.date() if hasattr(value, "date") else value
            for value in row
        )
        for row in rows
    ]


@pytest.mark.parametrize(
    ("metric", "by", "column"),
    [
        ("year_contribution_margin", "customer", "customer_contribution_margin_ratio"),
        ("share_of_wallet", "customer", "sow_capped_ratio"),
    ],
)
def test_ratios_of_one_customer_are_those_of_the_mart(
    metric: str, by: str, column: str, ask: Ask, demo: Company
) -> None:
    with demo.serving() as bi:
        known = bi.execute(
            f"select ultimate_parent_id, {column} from current_mart_portfolio where {column} is not null"
        ).fetchall()
    found: dict[Any, Any] = dict(ask(metric, by=(by,)))
    assert len(known) > 100
    assert [(who, value, found[who]) for who, value in known if abs(float(value) - float(found[who])) > 1e-6] == []


def test_no_metric_sums_over_as_of_dates(engine: MetricFlowEngine, ask: Ask, demo: Company) -> None:
    """Asked without a date, every metric of a mart of several dates is that of the last one, also where two are asked together."""
    with demo.serving() as bi:
        ((several,),) = bi.execute("select count(distinct as_of_date) from mart_portfolio").fetchall()
        ((revenue, all_dates),) = bi.execute(
            "select sum(net_revenue) filter (is_latest), sum(net_revenue) from mart_portfolio"
        ).fetchall()
    assert several > 1 and revenue < all_dates
    assert ask("year_net_revenue") == [(revenue,)]


def test_every_metric_is_in_the_document_and_can_be_asked(engine: MetricFlowEngine, ask: Ask) -> None:
    metrics = {each.name for each in engine.list_metrics()}
    told = (REPOSITORY / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert {name for name in metrics if f"`{name}`" not in told} == set()
    for name in sorted(metrics):
        ((value,),) = ask(name)
        assert value is not None, name
