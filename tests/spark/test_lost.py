"""Master and workers go while models are computed: the Thrift server still answers, and waits for workers that never come.

It is told, and nothing is published. `make test-spark` only: the time of a model must be over first.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.example import AS_OF
from tests.golden import check
from tests.golden.settings import EXAMPLE
from tests.patience import PATIENCE_SECONDS
from tests.spark.conftest import on, started, wait_until_computed
from tools.spark_cluster import Cluster

pytestmark = [pytest.mark.endless, pytest.mark.needs("java", "spark")]


def test_a_cluster_without_master_and_workers_is_told_and_publishes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    company = on(cluster, check.company_of(EXAMPLE, tmp_path))
    sources = company.config / "sources.yml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace("threads: 3", "threads: 3, statement_minutes: 1"), encoding="utf-8")
    run = started(company, tmp_path / "run.log", *AS_OF)
    wait_until_computed(company, run, 10)
    for part in ("master", "worker-1", "worker-2"):
        cluster.kill(part)
    assert run.wait(PATIENCE_SECONDS) == 1
    said = (tmp_path / "run.log").read_text(encoding="utf-8")
    assert "SPARK_LOST" in said
    assert "no worker takes a task any more" in said
    assert "Traceback" not in said
    assert not (company.home / "published" / "CURRENT").exists()
