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
                (date '2024-02-29', 'customer', 'unrated', 7.00, 1.00, 0.5, 0.0, 10.00),
                (date '2024-02-29', 'lead', 'unrated', null, -1.00, 0.25, 0.0, 1.00),
                (date '2024-02-29', 'lead', 'target_lead', null, null, null, null, null),
                (date '2024-02-29', 'customer', 'protection', 100.10, -5.00, 1.0, 2.0, 200.00),
                (date '2024-02-29', 'customer', 'protection', 0.20, 2.50, 0.0, 0.25, 50.00),
                (date '2024-01-31', 'customer', 'protection', 999.00, 9.00, 9.0, 9.0, 9.00)
            ) as rows (as_of_date, relationship_type, zone, net_revenue, contribution_4, field_hours, inside_hours, sales_cost)
        ) to '{tmp_path}/bi/mart_portfolio.parquet'
        """
    )
    write_manifest(tmp_path, date(2024, 1, 31), date(2024, 2, 29))
    assert zone_table(tmp_path, date(2024, 2, 29)) == (
        ZoneRow("protection", 2, Decimal("100.30"), Decimal("-2.50"), Decimal("3.25"), Decimal("250.00")),
        ZoneRow("unrated", 1, Decimal("7.00"), Decimal("1.00"), Decimal("0.5"), Decimal("10.00")),
        ZoneRow("lead", 2, None, Decimal("-1.00"), Decimal("0.25"), Decimal("1.00")),
    )


def test_what_is_no_customers_stands_beside_them_and_all_adds_up_to_the_company(tmp_path: Path) -> None:
    (tmp_path / "bi").mkdir()
    duckdb.execute(
        f"""
        copy (
            select date '2024-02-29' as as_of_date, 'customer' as relationship_type, 'maintain' as zone,
                100.00::decimal(18, 2) as net_revenue, 20.00::decimal(18, 2) as contribution_4,
                1.0::decimal(18, 4) as field_hours, 0.5::decimal(18, 4) as inside_hours, 50.00::decimal(18, 2) as sales_cost
        ) to '{tmp_path}/bi/mart_portfolio.parquet';
        copy (
            select date '2024-02-29' as as_of_date, * from (values
                (date '2024-02-01', 'I1', 'intercompany', 30.00, 3.00, 0.0, 0.0, 0.00),
                (date '2023-03-01', 'I2', 'intercompany', 10.00, 1.00, 0.0, 0.0, 0.00),
                (date '2023-02-01', 'I2', 'intercompany', 999.00, 9.00, 9.0, 9.0, 9.00),
                (date '2024-01-01', '(unassigned)', 'unassigned', 5.00, -2.00, 0.5, 0.0, 25.00),
                (date '2024-01-01', 'C1', 'customer', 100.00, 20.00, 1.0, 0.5, 50.00)
            ) as rows (month_start, ultimate_parent_id, relationship_type, net_revenue, contribution_4, field_hours,
                inside_hours, sales_cost)
        ) to '{tmp_path}/bi/mart_contribution_month.parquet';
        copy (
            select date '2024-02-29' as as_of_date, * from (values
                ('2024-02', 'gross_list_revenue', 8.00, 0.00),
                ('2024-02', 'revenue_deductions', -1.00, 0.00),
                ('2024-01', 'cogs', -4.00, 0.00),
                ('2023-02', 'gross_list_revenue', 999.00, 0.00),
                ('2024', 'field_sales_cost', 0.00, -999.00),
                ('2024-02', 'field_sales_cost', 0.00, -40.00)
            ) as rows (period, account_group, quarantined, unused_capacity)
        ) to '{tmp_path}/bi/mart_reconciliation.parquet'
        """
    )
    write_manifest(tmp_path, date(2024, 2, 29))
    rows = zone_table(tmp_path, date(2024, 2, 29))
    assert [(row.zone, row.customers, row.net_revenue, row.contribution, row.effort_cost) for row in rows] == [
        ("maintain", 1, Decimal("100.00"), Decimal("20.00"), Decimal("50.00")),
        ("intercompany", 2, Decimal("40.00"), Decimal("4.00"), Decimal("0.00")),
        ("unassigned", None, Decimal("5.00"), Decimal("-2.00"), Decimal("25.00")),
        ("quarantined", None, Decimal("7.00"), Decimal("3.00"), None),
        ("unused_capacity", None, None, Decimal("-40.00"), Decimal("40.00")),
        ("company", None, Decimal("152.00"), Decimal("-15.00"), Decimal("115.00")),
    ]


def test_what_is_unknown_is_not_shown_as_nothing(tmp_path: Path) -> None:
    """At depth 1 a quarantined marketing cost and unused hours are no part of the contribution; without activities nobody knows hours."""
    (tmp_path / "bi").mkdir()
    duckdb.execute(
        f"""
        copy (
            select date '2024-02-29' as as_of_date, 'customer' as relationship_type, 'unrated' as zone,
                100.00::decimal(18, 2) as net_revenue, null::decimal(18, 2) as contribution_4, 1 as contribution_depth,
                40.00::decimal(18, 2) as customer_contribution,
                0.0::decimal(18, 4) as field_hours, 0.0::decimal(18, 4) as inside_hours, null::decimal(18, 2) as sales_cost
        ) to '{tmp_path}/bi/mart_portfolio.parquet';
        copy (
            select date '2024-02-29' as as_of_date, date '2024-02-01' as month_start, '(unassigned)' as ultimate_parent_id,
                'unassigned' as relationship_type, 5.00::decimal(18, 2) as net_revenue,
                null::decimal(18, 2) as contribution_4, 1 as contribution_depth, 2.00::decimal(18, 2) as customer_contribution,
                0.0::decimal(18, 4) as field_hours, 0.0::decimal(18, 4) as inside_hours, 0.00::decimal(18, 2) as sales_cost
        ) to '{tmp_path}/bi/mart_contribution_month.parquet';
        copy (
            select date '2024-02-29' as as_of_date, * from (values
                ('2024-02', 'net_revenue', 8.00, 0.00),
                ('2024-02', 'cogs', -4.00, 0.00),
                ('2024-02', 'marketing', -3.00, 0.00),
                ('2024-02', 'field_sales_cost', 0.00, -40.00)
            ) as rows (period, account_group, quarantined, unused_capacity)
        ) to '{tmp_path}/bi/mart_reconciliation.parquet';
        copy (
            select date '2024-02-29' as as_of_date, 'activities' as source_name, false as is_delivered
        ) to '{tmp_path}/bi/mart_data_coverage.parquet'
        """
    )
    write_manifest(tmp_path, date(2024, 2, 29))
    rows = zone_table(tmp_path, date(2024, 2, 29))
    assert [(row.zone, row.net_revenue, row.contribution, row.effort_hours) for row in rows] == [
        ("unrated", Decimal("100.00"), Decimal("40.00"), None),
        ("unassigned", Decimal("5.00"), Decimal("2.00"), None),
        ("quarantined", Decimal("8.00"), Decimal("4.00"), None),
        ("unused_capacity", None, None, None),
        ("company", Decimal("113.00"), Decimal("46.00"), None),
    ]
