"""What is remembered of the version before: which one it is, and typed tables whatever it holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipelines.home import Home
from pipelines.publishing import PublishedTable, previous_version, publish, remember, rollback
from pipelines.publishing.previous import PUBLISHED_VERSION, REMEMBERED
from tests.pipelines.publishing.samples import FACTS, publish_again

SCORES = PublishedTable(
    "fct_criterion_score",
    "bi",
    "marts.fct_criterion_score",
    ("as_of_date", "ultimate_parent_id", "axis", "criterion_id"),
)


def publish_scores(home: Home, columns: str) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            f"""
            create or replace table marts.fct_criterion_score as
            select {columns}
            from (values (date '2025-12-31', 'C1', 'potential', 'demand', 40, 3.5, 25.0)) as rows
                (as_of_date, ultimate_parent_id, axis, criterion_id, weight_points, level, points)
            """
        )
    publish(home, (SCORES,), FACTS)


def remembered(home: Home, name: str) -> list[dict[str, object]]:
    return list(pq.read_table(home.control / f"{name}.parquet").to_pylist())


def test_before_the_first_publication_every_table_is_there_and_empty(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    remember(home)
    assert previous_version(home) is None
    for name, schema in {"published_version": PUBLISHED_VERSION, **{k: v for k, (_, v) in REMEMBERED.items()}}.items():
        table = pq.read_table(home.control / f"{name}.parquet")
        assert table.schema.equals(schema) and table.num_rows == 0, name


def test_published_rows_are_remembered_with_exact_types(home: Home) -> None:
    publish_scores(home, "*, 'more' as something_else")
    remember(home)
    (row,) = remembered(home, "published_scores")
    assert (row["as_of_date"], str(row["level"]), str(row["points"])) == (date(2025, 12, 31), "3.5000", "25.0000")
    assert list(row) == REMEMBERED["published_scores"][1].names
    assert pq.read_schema(home.control / "published_scores.parquet").types == REMEMBERED["published_scores"][1].types
    assert remembered(home, "published_version") == [{"version": 1, "latest_as_of_date": date(2025, 12, 31)}]
    assert remembered(home, "published_months") == [], "a mart the version does not have"


def test_a_mart_of_another_release_is_not_compared(home: Home) -> None:
    publish_scores(home, "as_of_date, ultimate_parent_id, axis, criterion_id, level, points")
    remember(home)
    assert remembered(home, "published_scores") == []


def test_the_version_before_is_the_current_one_also_after_a_rollback(home: Home) -> None:
    publish_again(home)
    publish_again(home)
    rollback(home, 1)
    version = previous_version(home)
    assert version is not None and version.number == 1
    assert version.as_of_dates == (date(2025, 11, 30), date(2025, 12, 31))


def test_a_damaged_pointer_or_manifest_does_not_lose_the_version_before(home: Home) -> None:
    publish_again(home)
    publish_again(home)
    (home.published / "v000002" / "manifest.json").write_text("{", encoding="utf-8")
    version = previous_version(home)
    assert version is not None and version.number == 1, "the newest readable one"
    home.current.unlink()
    home.current.symlink_to("v000009")
    version = previous_version(home)
    assert version is not None and version.number == 1
