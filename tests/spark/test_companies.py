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
from tests.spark.conftest import on, started
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
    company.succeed("verify", **environment)
