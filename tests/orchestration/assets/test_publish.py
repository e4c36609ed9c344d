"""What is published to whom follows from dbt's manifest."""

from __future__ import annotations

from pathlib import Path

from orchestration.assets.publish import published_marts
from orchestration.dbt.manifest import ensure_manifest
from pipelines.publishing import PublishedTable
from tests.orchestration import tiny


def test_marts_are_published_with_the_audience_and_key_they_declare(tmp_path: Path) -> None:
    assert published_marts(ensure_manifest(tiny.project(tmp_path))) == (
        PublishedTable("mart_count", "bi", "marts.mart_count", ("as_of_date",)),
        PublishedTable(
            "mart_customers",
            "controlling",
            "marts.mart_customers",
            ("as_of_date", "customer_id"),
            columns=(("customer_id", ""),),
        ),
    )


def test_every_mart_of_the_project_has_a_key() -> None:
    tables = published_marts(ensure_manifest())
    assert "mart_portfolio" in {table.name for table in tables}
    assert [table.name for table in tables if not table.order_by] == []
    undescribed = [
        table.name for table in tables if not table.description or not all(text for _, text in table.columns)
    ]
    assert undescribed == [], "a database says what its tables and columns mean"
