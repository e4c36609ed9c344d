"""`engine: spark` on a real cluster: the same bytes are published though a worker dies, and without the cluster nothing is.

Not here: larger companies (test_companies), what each macro says (tests/dbt_project/test_dialect), Sail (tests/dbt_project/test_sail).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.end_to_end.example import AS_OF, golden_published
from tests.golden import check
from tests.golden.settings import EXAMPLE
from tests.patience import PATIENCE_SECONDS
from tests.spark.conftest import computed, on, started, wait_until_computed
from tools.spark_cluster import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.needs("java", "spark")]

BEFORE_A_WORKER_DIES = 60
"""So many models are done by then, and more than twice as many are not."""


def test_spark_publishes_duckdbs_bytes_though_a_worker_dies_and_nothing_when_it_is_gone(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    company = on(cluster, check.company_of(EXAMPLE, tmp_path))
    sources = company.config / "sources.yml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(
        text.replace("threads: 3", f"threads: 3, sees_home_at: {tmp_path / 'nowhere'}"), encoding="utf-8"
    )
    elsewhere = company.run("check")
    assert elsewhere.returncode == 4
    assert "SPARK_PLACE" in elsewhere.stdout + elsewhere.stderr
    sources.write_text(text, encoding="utf-8")
    assert "nothing found that would stop a run" in company.succeed("check")
    run = started(company, tmp_path / "run.log", *AS_OF)
    wait_until_computed(company, run, BEFORE_A_WORKER_DIES)
    cluster.kill("worker-2")
    assert run.wait(3 * PATIENCE_SECONDS) == 0, (tmp_path / "run.log").read_text(encoding="utf-8")
    assert "Lost executor" in (tmp_path / "cluster" / "driver.log").read_text(encoding="utf-8", errors="replace")
    released = golden_published(tmp_path_factory)
    # To the last byte of every Parquet file, whatever the types: what is published was written by DuckDB, from the same rows.
    assert company.published_bytes() == released.published_bytes()
    assert len(company.published_bytes()) > 55
    company.succeed("verify")
    assert (company.home / "reports" / "portfolio.html").exists()
    assert sorted(path.name for path in (company.home / "spark").iterdir()) == ["1", "current"]

    # A second version would be published now: the Thrift server goes while it is computed.
    portfolio = company.config / "portfolio.yml"
    method = portfolio.read_text(encoding="utf-8")
    assert "backdated_after_days: 14" in method
    portfolio.write_text(method.replace("backdated_after_days: 14", "backdated_after_days: 15"), encoding="utf-8")
    before = company.current
    mark = computed(company)
    run = started(company, tmp_path / "lost.log", *AS_OF)
    wait_until_computed(company, run, mark + 5)
    cluster.kill("driver")
    assert run.wait(PATIENCE_SECONDS) == 1
    said = (tmp_path / "lost.log").read_text(encoding="utf-8")
    assert "SPARK_LOST" in said
    assert "Traceback" not in said
    assert company.current == before
    company.succeed("verify")
    checked = company.run("check")
    assert checked.returncode == 4
    assert "SPARK_UNREACHABLE" in checked.stdout + checked.stderr

    # On this machine again: what Spark computed is computed anew, and its files may go.
    sources.write_text(text.replace("engine: spark", "engine: duckdb"), encoding="utf-8")
    portfolio.write_text(method, encoding="utf-8")
    company.succeed(*AS_OF)
    shutil.rmtree(company.home / "spark")
    assert company.published_bytes() == released.published_bytes()
    company.succeed("dbt", "--quiet", "test", "--exclude", "test_type:unit")
