"""Whole companies on a real Spark, published to the same bytes as by DuckDB: `make test-spark` only, minutes each."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.generate import generate
from bench.sizes import ALL
from tests.conftest import REPOSITORY, SHARED
from tests.end_to_end.demo import demo_company
from tests.end_to_end.kundenwert import Company
from tests.spark.conftest import on, session, started
from tests.spark.plans import executions, pairwise_joins
from tools.spark_cluster import Cluster

pytestmark = [pytest.mark.endless, pytest.mark.needs("java", "spark", "shared")]

Made = tuple[Company, tuple[str, ...], dict[str, str]]
"""A company, the run's arguments, its environment."""


def demo(folder: Path) -> Made:
    return demo_company(folder, customers=400, months=40), ("--from", "2026-07", "--to", "2026-09"), {}


def classicmodels(folder: Path) -> Made:
    company = Company(config=folder / "config", home=folder / "home")
    shutil.copytree(REPOSITORY / "examples" / "classicmodels" / "config", company.config)
    return company, (), {"CLASSICMODELS_DIR": str(SHARED / "data" / "classicmodels")}


def hundred_thousand_lines(folder: Path) -> Made:
    generate(ALL["100k"], folder / "delivered")
    company = Company(config=folder / "config", home=folder / "home")
    shutil.copytree(REPOSITORY / "bench" / "config", company.config)
    return company, (), {"BENCH_DELIVERIES": str(folder / "delivered" / "first")}


@pytest.mark.parametrize("make", [classicmodels, demo, hundred_thousand_lines], ids=lambda make: make.__name__)
def test_spark_publishes_duckdbs_bytes(make: Callable[[Path], Made], large_cluster: Cluster, tmp_path: Path) -> None:
    company, arguments, environment = make(tmp_path)
    company.succeed("run", *arguments, **environment)
    released = company.published_bytes()
    shutil.rmtree(company.home)
    # Longer than a run of DuckDB may take: a second to plan each of two hundred tables, then the rows.
    spark = started(on(large_cluster, company), tmp_path / "run.log", "run", *arguments, **environment)
    assert spark.wait(3600) == 0, (tmp_path / "run.log").read_text(encoding="utf-8")
    assert company.published_bytes() == released
    pairwise = [join for execution in executions(large_cluster) for join in pairwise_joins(execution)]
    assert not pairwise, "give both sides a key (equality):\n" + "\n".join(map(str, pairwise))
    company.succeed("verify", **environment)


def test_a_join_of_two_growing_inputs_without_a_key_is_found(large_cluster: Cluster) -> None:
    with session(large_cluster) as cursor:
        cursor.execute("create table grown as select id from range(0, 2000)")
        cursor.execute(
            "create table paired as select a.id, b.id as other from grown as a left join grown as b on a.id < b.id"
        )
        cursor.execute(
            "create table capped as select a.id from grown as a cross join (select max(id) as id from grown) as b"
        )
        cursor.execute("drop table paired")
    found = [join for execution in executions(large_cluster) for join in pairwise_joins(execution)]
    assert [(join.where, join.left, join.right) for join in found] == [("paired", 2000, 2000)]
