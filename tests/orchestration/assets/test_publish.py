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
            columns=(("customer_id", "Customer ID (ERP) · Kundennummer (ERP)"),),
        ),
    )


def test_every_mart_of_the_project_has_a_key() -> None:
    tables = published_marts(ensure_manifest())
    assert "mart_portfolio" in {table.name for table in tables}
    assert [table.name for table in tables if not table.order_by] == []
    assert [table.name for table in tables if not table.description] == []


def test_a_column_says_what_it_is_called_and_what_it_means_in_both_languages() -> None:
    told = {
        (table.name, column): text for table in published_marts(ensure_manifest()) for column, text in table.columns
    }
    assert [column for column, text in told.items() if text.count("\n\n") != 2 or "\n\nDE: " not in text] == []
    assert told["mart_portfolio", "net_revenue"].startswith("Net revenue · Nettoumsatz\n\n")
    assert told["mart_programme", "measure"].startswith("Measured value · Messwert\n\n")
