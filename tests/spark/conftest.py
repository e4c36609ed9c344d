"""A real Spark for the tests: master, two workers and Thrift server, each a process of its own. Belongs here: starting it, asking it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from orchestration.dbt.on_spark import SESSION
from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import COMMAND, Company
from tests.patience import PATIENCE_SECONDS
from tools.spark_cluster import LOOPBACK, Cluster, running


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with running(tmp_path / "cluster") as started:
        yield started


@pytest.fixture(scope="module")
def large_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """For companies of which computing takes longer than planning; it can be asked for its plans."""
    with running(tmp_path_factory.mktemp("cluster"), of_few_rows=False, with_ui=True) as started:
        yield started


@contextmanager
def session(cluster: Cluster) -> Iterator[Any]:
    """A cursor under the settings of a run, for a few rows: one task is enough for them."""
    from pyhive import hive

    settings = {**SESSION, "spark.sql.shuffle.partitions": "1", "spark.sql.leafNodeDefaultParallelism": "1"}
    with (
        closing(hive.connect(host=LOOPBACK, port=cluster.port, configuration=settings)) as connection,
        closing(connection.cursor()) as cursor,
    ):
        yield cursor


def on(cluster: Cluster, company: Company) -> Company:
    """The company with its models computed on the cluster."""
    cluster.serve(company.config / "sources.yml")
    return company


def started(company: Company, log: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """`kundenwert` with these arguments, not waited for; what it says goes to `log`."""
    command = [str(COMMAND), "--config", str(company.config), "--home", str(company.home), *arguments]
    with log.open("wb") as file:
        return subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **environment}, stdout=file, stderr=file)


def computed(company: Company) -> int:
    """How many models its step log tells as done."""
    return sum(event == "end" and step.startswith("dbt ") for event, step in company.steps())


def wait_until_computed(company: Company, run: subprocess.Popen[bytes], models: int) -> None:
    """Until the step log names so many models that Spark has computed."""
    until = time.monotonic() + PATIENCE_SECONDS
    log = company.home / "logs" / "steps.jsonl"
    while time.monotonic() < until:
        assert run.poll() is None, "the run has ended before"
        if log.exists() and computed(company) >= models:
            return
        time.sleep(0.2)
    raise AssertionError(f"{models} models were not computed in time")
