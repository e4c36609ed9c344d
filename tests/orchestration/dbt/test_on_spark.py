"""What can be said of a Spark without one: a client that is not there, a block that is missing, paths as the cluster knows them.

Not here: anything a Spark computes (tests/spark).
"""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

import pytest

from orchestration.dbt import on_spark
from pipelines.errors import ConfigError, KundenwertError
from pipelines.home import Home
from pipelines.settings.spark import Spark
from pipelines.settings.workspace import open_workspace
from tests.conftest import REPOSITORY


def test_a_client_that_is_not_installed_is_told_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyhive", None)
    with pytest.raises(KundenwertError, match=r"SPARK_MISSING: .*\n.*\n  next: make install-spark"):
        on_spark.probe(Home.at(tmp_path), Spark(host="127.0.0.1"))
    assert not list(tmp_path.iterdir()), "what was laid out for the question stays"


@pytest.mark.needs("spark")
def test_where_nobody_listens_no_spark_is(tmp_path: Path) -> None:
    with pytest.raises(KundenwertError, match=r"SPARK_UNREACHABLE: .*\n  where: 127\.0\.0\.1:1\n"):
        on_spark.probe(Home.at(tmp_path), Spark(host="127.0.0.1", port=1))


def test_an_engine_without_its_block_is_refused_at_its_line(tmp_path: Path) -> None:
    for name in ("sources.yml", "portfolio.yml"):
        (tmp_path / name).write_bytes((REPOSITORY / "config" / name).read_bytes())
    with (tmp_path / "sources.yml").open("a", encoding="utf-8") as file:
        file.write("engine: spark\n")
    with pytest.raises(ConfigError, match=r"CONFIG_MISSING_KEY: engine is spark.*\n  where: .*sources\.yml:[0-9]+"):
        open_workspace(tmp_path, Home.at(tmp_path / "home"))


@pytest.mark.parametrize(
    ("sees_home_at", "seen"),
    [
        (None, "file:/srv/home/spark/1"),
        ("/mnt/home/", "file:/mnt/home/spark/1"),
        ("hdfs://name/home", "hdfs://name/home/spark/1"),
    ],
)
def test_a_path_is_said_as_the_cluster_knows_it(sees_home_at: str | None, seen: str) -> None:
    spark = Spark(host="x", sees_home_at=sees_home_at)
    assert spark.seen(PurePosixPath("/srv/home/spark/1"), PurePosixPath("/srv/home")) == seen
