"""What docs/scale.md says of memory is what is set. Belongs here: only that; a real cluster is asked in tests/spark."""

from __future__ import annotations

from orchestration.dbt.on_spark import SESSION
from tests.documents import text_of
from tools.spark_cluster import MEMORY


def test_the_page_says_what_the_tests_and_a_session_set() -> None:
    told = " ".join(text_of("docs/scale.md").split())
    assert f"{MEMORY['driver'].removesuffix('g')} GiB are what the tests give it" in told
    assert f"a row takes {SESSION['spark.sql.sources.fileCompressionFactor']} times the room of its bytes" in told
