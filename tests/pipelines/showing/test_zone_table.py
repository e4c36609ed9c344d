"""The table a run ends with adds up what is published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.showing.zone_table import ZoneRow, zone_table
from tests.pipelines.showing.small_manifest import write_manifest


def test_zones_are_summed_as_of_one_date_in_reading_order(tmp_path: Path) -> None:
    (tmp_path / "bi").mkdir()
    duckdb.execute(
        f"""
        copy (
            select * from (values
                (date '2024-02-29', 'unrated', 7.00, 1.00, 0.5, 0.0, 10.00, 'customer'),
                (date '2024-02-29', 'unrated', 0.00, 0.00, 0.0, 0.0, 3.00, 'lead'),
                (date '2024-02-29', 'target_lead', null, null, null, null, null, 'lead'),
                (date '2024-02-29', 'protection', 100.10, -5.00, 1.0, 2.0, 200.00, 'customer'),
                (date '2024-02-29', 'protection', 0.20, 2.50, 0.0, 0.25, 50.00, 'customer'),
                (date '2024-01-31', 'protection', 999.00, 9.00, 9.0, 9.0, 9.00, 'customer')
            ) as rows (as_of_date, zone, net_revenue, contribution_4, field_hours, inside_hours, sales_cost, relationship_type)
        ) to '{tmp_path}/bi/mart_portfolio.parquet'
        """
    )
    write_manifest(tmp_path, date(2024, 1, 31), date(2024, 2, 29))
    assert zone_table(tmp_path, date(2024, 2, 29)) == (
        ZoneRow("protection", 2, Decimal("100.30"), Decimal("-2.50"), Decimal("3.25"), Decimal("250.00")),
        ZoneRow("unrated", 1, Decimal("7.00"), Decimal("1.00"), Decimal("0.5"), Decimal("10.00")),
        ZoneRow("unrated", 1, Decimal("0.00"), Decimal("0.00"), Decimal("0.0"), Decimal("3.00"), "lead"),
        ZoneRow("target_lead", 1, None, None, None, None, "lead"),
    )
