"""SQL of a mapping: joins deliveries, fails with a code, reaches nothing but what is delivered."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipelines import duck
from pipelines.landing.land import LandingOutcome, land_table
from pipelines.settings.workspace import Workspace
from tests.pipelines.landing.company import company, deliver, rows

MAPPING = """
files:
  heads: {path: heads.csv, format: iso}
  items: {path: items.csv, format: iso}
tables:
  invoice_lines:
    sql: |
      select h.no as invoice_id, i.pos as line_no, h.day as posting_date, h.customer as customer_id,
        'x' as product_group, AMOUNT as gross_list_amount, 0 as revenue_deductions, '1.50' as cogs,
        i.file_name, i.line_number
      from items i join heads h on i.no = h.no
      where h.status <> 'Cancelled'
    constants: {company_id: "1", currency_code: USD, doc_type: invoice}
"""
HEADS = "no,day,customer,status\nA,2025-01-31,7,Shipped\nB,2025-02-28,7,Cancelled\nC,2025-13-01,8,Shipped\n"
ITEMS = "no,pos,price,pieces\nA,1,1.10,3\nA,2,2.20,1\nB,1,5.00,1\nC,1,x,1\nA,3\n"


def landed(directory: Path, amount: str, items: str = ITEMS) -> tuple[Workspace, LandingOutcome]:
    workspace = company(directory, MAPPING.replace("AMOUNT", amount))
    deliver(directory, "heads.csv", HEADS)
    deliver(directory, "items.csv", items)
    return workspace, land_table(workspace, "invoice_lines")


def test_a_join_becomes_rows_with_their_place(tmp_path: Path) -> None:
    workspace, outcome = landed(tmp_path, "try_cast(i.price as decimal(18,2)) * i.pieces::integer")
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_filtered) == (5, 2, 2, 1)
    assert rows(workspace, "raw", "invoice_lines", "line_no, gross_list_amount, cogs, file_name, line_number") == [
        (1, Decimal("3.30"), Decimal("1.50"), "items.csv", 2),
        (2, Decimal("2.20"), Decimal("1.50"), "items.csv", 3),
    ]
    assert sorted(rows(workspace, "quarantine", "invoice_lines", "line_number, quarantine_reasons")) == [
        (5, "DATE_INVALID:posting_date, NULL_REQUIRED:gross_list_amount"),
        (6, "FIELD_COUNT"),
    ]


def test_text_results_are_read_as_plain_iso(tmp_path: Path) -> None:
    workspace, _ = landed(tmp_path, "case i.pos when '1' then '1.10' else '1,10' end")
    assert rows(workspace, "raw", "invoice_lines", "gross_list_amount") == [(Decimal("1.10"),)]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("i.price::decimal(18,2)", "Could not convert string"),
        ("i.prices", "prices"),
        ("$kw_outer", "names the parameter kw_outer"),
        ("error('stop')", "stop"),
    ],
)
def test_a_failing_statement_is_a_coded_finding_and_the_table_stays_out(amount: str, said: str, tmp_path: Path) -> None:
    workspace, outcome = landed(tmp_path, amount)
    assert outcome.status == "file_quarantined"
    (finding,) = outcome.problems
    assert (finding.severity, finding.problem.code) == ("critical", "SQL_MAPPING_FAILED")
    assert said in finding.problem.what
    assert "tables.invoice_lines.sql" in finding.problem.where
    assert not list((workspace.home.raw / "invoice_lines").glob("batch=*"))


def test_a_failing_condition_is_a_coded_finding_too(tmp_path: Path) -> None:
    workspace = company(
        tmp_path, MAPPING.replace("AMOUNT", "0") + "    where: line_no::integer > 0 and invoice_id::integer > 0\n"
    )
    deliver(tmp_path, "heads.csv", HEADS)
    deliver(tmp_path, "items.csv", ITEMS)
    outcome = land_table(workspace, "invoice_lines")
    assert [(f.problem.code, f.problem.where) for f in outcome.problems] == [
        ("SQL_MAPPING_FAILED", "sources.yml: tables.invoice_lines.where")
    ]


@pytest.mark.parametrize(
    "attempt",
    [
        "select * from read_text('{outside}')",
        "select * from glob('{outside}*')",
        "select * from read_csv('{inside}/../outside.txt')",
        "copy (select 1) to '{outside}'",
        "attach '{outside}' as other",
        "set enable_external_access = true",
        "set memory_limit = '64GB'",
        "set allowed_directories = ['/']",
        "select * from python_variable",
        "install httpfs",
    ],
)
def test_the_connection_of_a_mapping_reaches_only_what_is_delivered(attempt: str, tmp_path: Path) -> None:
    """The configuration refuses some of these earlier; the connection does not rely on that."""
    python_variable = pa.table({"x": [1]})
    assert python_variable.num_rows == 1
    outside, inside, readable = tmp_path / "outside.txt", tmp_path / "inside", tmp_path / "readable.csv"
    inside.mkdir()
    outside.write_text("secret")
    readable.write_text("x")
    with duck.locked(inside, [readable]) as connection:
        assert connection.execute(f"select content from read_text('{readable}')").fetchall() == [("x",)]
        with pytest.raises(duckdb.Error):
            connection.execute(attempt.format(outside=outside, inside=inside))
    assert outside.read_text() == "secret"


def test_binary_floats_do_not_become_money(tmp_path: Path) -> None:
    _, outcome = landed(tmp_path, "1.5::double")
    assert [finding.problem.code for finding in outcome.problems] == ["SCHEMA_TYPE"]


def test_half_a_delivery_is_not_a_delivery(tmp_path: Path) -> None:
    workspace = company(tmp_path, MAPPING.replace("AMOUNT", "0"))
    deliver(tmp_path, "items.csv", ITEMS)
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.status, [finding.problem.code for finding in outcome.problems]) == (
        "file_quarantined",
        ["DELIVERY_INCOMPLETE"],
    )
    deliver(tmp_path, "heads.csv", HEADS)
    assert land_table(workspace, "invoice_lines").status == "loaded"
