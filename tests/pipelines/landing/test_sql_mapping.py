"""SQL of a mapping: joins deliveries, fails with a code, reaches nothing but what is delivered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipelines import duck
from pipelines.landing import ledger
from pipelines.landing.dry_run import rehearse
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


# --- typed files, and what does not come out of a query ---------------------------------------------------------------

GERMAN = """
files:
  heads: {path: heads.csv, format: german, typed: {Tag: date}, constants: {Firma: "9"}}
  items: {path: "items*.csv", format: german, typed: {Brutto: number, Menge: number}}
tables:
  invoice_lines:
    sql: |
      SQL
    columns: {gross_list_amount: betrag}
    constants: {currency_code: EUR, doc_type: invoice, revenue_deductions: "0"}
"""
GERMAN_HEADS = "Nr;Tag;Kunde;Status\nA;31.01.2025;7;\nB;28.02.2025;7;X\nC;29.02.2025;8;ok\n"
GERMAN_ITEMS = "Nr;Pos;Brutto;Menge;Text\nA;1;13.500;1;0,5\nA;2;1,50;2;x\nB;1;100,00;1;1,25\nD;1;7,00;1;1\nE;1;8,00;x;1\nC;1;9,00;1;1\n"
SHOWN = (
    "i.Nr as invoice_id, i.Pos::varchar as line_no, h.Tag as posting_date, coalesce(h.Kunde, 'nobody') as customer_id, "
    "'x' as product_group, i.Brutto * i.Menge as betrag, h.Firma as company_id"
)


def queried(directory: Path, sql: str, items: str = GERMAN_ITEMS) -> tuple[Workspace, LandingOutcome]:
    workspace = company(directory, GERMAN.replace("SQL", sql.replace("\n", "\n      ")))
    deliver(directory, "heads.csv", GERMAN_HEADS)
    deliver(directory, "items.csv", items)
    outcome = land_table(workspace, "invoice_lines")
    parts = (outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_filtered, outcome.rows_lost_in_mapping)
    assert outcome.rows_in == sum(parts), outcome
    return workspace, outcome


def left_out(workspace: Workspace) -> tuple[int | None, Decimal | None, int, Decimal | None]:
    """(rows lost, amount lost, rows filtered, amount filtered) in the ledger."""
    (entry,) = ledger.read(workspace.home)
    sums = entry.amounts["gross_list_amount"]
    return entry.rows_lost_in_mapping, sums.lost_in_mapping, entry.rows_filtered, sums.filtered


def test_a_typed_file_is_read_by_its_own_format_before_the_query(tmp_path: Path) -> None:
    workspace, outcome = queried(tmp_path, f"select {SHOWN} from items i left join heads h on i.Nr = h.Nr")
    columns = "invoice_id, line_no, posting_date, gross_list_amount, company_id, file_name, line_number"
    assert rows(workspace, "raw", "invoice_lines", columns) == [
        ("A", 1, date(2025, 1, 31), Decimal("13500.00"), "9", "items.csv", 2),
        ("A", 2, date(2025, 1, 31), Decimal("3.00"), "9", "items.csv", 3),
        ("B", 1, date(2025, 2, 28), Decimal("100.00"), "9", "items.csv", 4),
    ]
    columns = "file_name, line_number, quarantine_reasons, raw_text"
    quarantined = rows(workspace, "quarantine", "invoice_lines", columns)
    assert [row for row in quarantined if row[2] in ("NUM_FORMAT:Menge", "DATE_INVALID:Tag")] == [
        ("heads.csv", 4, "DATE_INVALID:Tag", "C; 29.02.2025; 8; ok"),
        ("items.csv", 6, "NUM_FORMAT:Menge", "E; 1; 8,00; x; 1"),
    ]
    assert {row[1] for row in quarantined if row[0] == "items.csv"} == {5, 6, 7}, "D and C have no head"
    assert (outcome.rows_in, outcome.rows_accepted) == (7, 3)
    assert left_out(workspace) == (0, Decimal("0.00"), 0, Decimal("0.00"))


def test_cells_a_query_does_not_ask_for_cost_no_row(tmp_path: Path) -> None:
    _, outcome = queried(
        tmp_path, f"select {SHOWN.replace(' * i.Menge', '')} from items i left join heads h on i.Nr = h.Nr"
    )
    assert "Menge" not in str(outcome.problems)


LOST = "select {shown} from items i join heads h on i.Nr = h.Nr"
CAME_OUT = [
    (LOST, (2, "16.00", 0, "0.00")),
    ("select {shown} from heads h join items i on i.Nr = h.Nr", (2, "16.00", 0, "0.00")),
    ("select {shown}, i.file_name, i.line_number from heads h join items i using (Nr)", (2, "16.00", 0, "0.00")),
    (LOST + " where h.Status = 'ok'", (2, "16.00", 3, "13603.00")),
    (LOST + " where h.Status <> 'X'", (2, "16.00", 3, "13603.00")),
    (LOST + " where i.Brutto > 100", (2, "16.00", 2, "103.00")),
    ("select {shown} from items i, heads h where i.Nr = h.Nr", (2, "16.00", 0, "0.00")),
    ("select {shown} from items i left join heads h on i.Nr = h.Nr where h.Kunde is not null", (0, "0.00", 2, "16.00")),
    ("with i as (select * from items where Menge = 1) select {shown} from i join heads h using (Nr)", (3, None, 0, "0.00")),
    ("select {shown} from (select * from items) as i join heads h using (Nr)", (2, None, 0, "0.00")),
    (LOST + " union all select {shown} from items i left join heads h on i.Nr = h.Nr where h.Nr is null", (0, "0.00", 0, "0.00")),
    (LOST + " qualify row_number() over (partition by i.Nr order by i.Pos) = 1", (3, "19.00", 0, "0.00")),
    (LOST + " order by 1, 2 limit 1", (4, "119.00", 0, "0.00")),
    ("select distinct {shown} from items i join heads h on i.Nr = h.Nr", (2, "16.00", 0, "0.00")),
    (
        "select i.Nr as invoice_id, '1' as line_no, h.Tag as posting_date, h.Kunde as customer_id, 'x' as product_group, "
        "sum(i.Brutto * i.Menge) as betrag, h.Firma as company_id from items i join heads h on i.Nr = h.Nr group by all",
        (2, "16.00", 0, "0.00"),
    ),
    ("select {shown} from items i join heads h on i.Nr = h.Nr union select {shown} from items i join heads h on i.Nr = h.Nr", None),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "left"), CAME_OUT, ids=[sql[:110] for sql, _ in CAME_OUT])
def test_what_does_not_come_out_of_a_query_is_counted_with_its_amount(
    sql: str, left: tuple[int, str | None, int, str] | None, tmp_path: Path
) -> None:
    workspace, outcome = queried(tmp_path, sql.format(shown=SHOWN))
    assert outcome.status == "loaded", outcome.problems
    codes = {finding.problem.code: finding for finding in outcome.problems}
    if left is None:
        assert "MAPPING_UNSEEN" in codes
        assert left_out(workspace)[:2] == (None, None)
        return
    lost, amount, filtered, amount_filtered = left
    expected = (lost, None if amount is None else Decimal(amount), filtered, Decimal(amount_filtered))
    assert left_out(workspace) == expected
    assert ("LOST_IN_MAPPING" in codes) == (lost > 0)
    if lost:
        assert (codes["LOST_IN_MAPPING"].rows, codes["LOST_IN_MAPPING"].amount) == expected[:2]
    if "Status <>" in sql:
        assert (codes["WHERE_EMPTY"].rows, codes["WHERE_EMPTY"].amount) == (2, Decimal("13503.00"))


def test_an_amount_that_cannot_be_read_makes_the_loss_unknown_and_not_small(tmp_path: Path) -> None:
    shown = SHOWN.replace("i.Brutto * i.Menge", "i.Text")
    workspace, _ = queried(tmp_path, f"select {shown} from items i join heads h on i.Nr = h.Nr")
    assert left_out(workspace) == (3, Decimal("3.00"), 0, Decimal("0.00"))
    (tmp_path / "again").mkdir()
    items = GERMAN_ITEMS.replace("D;1;7,00;1;1", "D;1;7,00;1;?")
    workspace, _ = queried(tmp_path / "again", f"select {shown} from items i join heads h on i.Nr = h.Nr", items)
    assert left_out(workspace)[:2] == (3, None)


@pytest.mark.parametrize(
    ("shown", "amount"),
    [
        ("i.Text", "0.50"),
        ("i.text", "0.50"),
        ("trim(i.Text)", None),
        ("coalesce(i.Text, '0')", None),
        ("replace(i.Text, ',', '.')", None),
        ("try_cast(i.Text as decimal(9,2))", None),
        ("(i.Text)::double::decimal(9,2)", None),
        ("try_cast(coalesce(nullif(trim(i.Text), ''), '0') as decimal(9,2))", None),
        ("try_cast(replace(i.Text, ',', '.') as decimal(9,2))", "0.50"),
        ("'0.50'", "0.50"),
        ("i.Brutto / 27000", None),
        ("cast(i.Brutto / 27000 as decimal(18,2))", "0.50"),
    ],
)
def test_a_text_with_decimal_comma_is_never_read_with_a_decimal_point(
    shown: str, amount: str | None, tmp_path: Path
) -> None:
    sql = f"select {SHOWN.replace('i.Brutto * i.Menge', shown)} from items i join heads h on i.Nr = h.Nr where i.Pos = '1'"
    workspace, outcome = queried(tmp_path, sql)
    if amount is not None:
        assert rows(workspace, "raw", "invoice_lines", "min(gross_list_amount) filter (invoice_id = 'A')") == [
            (Decimal(amount),)
        ], outcome.problems
        return
    (finding,) = outcome.problems
    assert (outcome.status, finding.severity) == ("file_quarantined", "critical")
    if finding.problem.code == "TYPED_MISSING":
        assert finding.problem.remedy == "write under files.items: typed: {Text: number}"
    else:
        assert finding.problem.code == "SCHEMA_TYPE"
    problems = [problem for table in rehearse(workspace).tables for problem in table.problems]
    assert finding.problem in problems, "`check` says the same"


def test_the_place_of_a_row_is_its_record_s_without_being_asked_for(tmp_path: Path) -> None:
    workspace = company(tmp_path, GERMAN.replace("SQL", f"select {SHOWN} from items i join heads h on i.Nr = h.Nr"))
    deliver(tmp_path, "heads.csv", GERMAN_HEADS)
    deliver(tmp_path, "items-1.csv", GERMAN_ITEMS)
    deliver(tmp_path, "items-2.csv", "Nr;Pos;Brutto;Menge;Text\n\nB;7;1,00;1;x\nF;7;2,00;1;x\n")
    land_table(workspace, "invoice_lines")
    assert rows(workspace, "raw", "invoice_lines", "invoice_id, line_no, file_name, line_number") == [
        ("A", 1, "items-1.csv", 2), ("A", 2, "items-1.csv", 3), ("B", 1, "items-1.csv", 4), ("B", 7, "items-2.csv", 3),
    ]  # fmt: skip
    assert left_out(workspace)[:2] == (3, Decimal("18.00"))
