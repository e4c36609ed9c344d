"""What dbt is told: which batches count, which dates are computed, what was delivered; and the views it reads."""

# ruff: noqa: DTZ001 - moments in the tables are UTC without a zone
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import load_contracts
from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.landing.control import AsOf, TableLeftOut, left_out, write_control
from pipelines.landing.land import land_table
from pipelines.landing.warehouse import attach
from tests.pipelines.landing.company import HEADER, LINES, company, line, lines_landed

YEAR_END = AsOf(date(2025, 12, 31), datetime(2026, 1, 5))


def query(home: Home, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_dbt_sees_committed_batches_of_every_table_and_nothing_else(tmp_path: Path) -> None:
    workspace, first = lines_landed(tmp_path, line("R1"), line("R2", gross="x"))
    lines_landed(tmp_path, line("R1"), line("R3"))
    write_control(workspace, (YEAR_END, AsOf(date(2025, 11, 30), datetime(2026, 1, 5))))
    stray = workspace.home.raw / "invoice_lines" / "batch=0123456789abcdef"
    stray.mkdir()
    (stray / "part-0.parquet").write_bytes(next(workspace.home.raw.glob("invoice_lines/batch=*/*")).read_bytes())
    attach(workspace.home, workspace.contracts)
    attach(workspace.home, workspace.contracts)
    tables = "select table_name from information_schema.tables where table_schema = '{}' order by 1"
    for schema, beside in (("raw", ()), ("quarantine", ("unreadable_values",))):
        found = [row[0] for row in query(workspace.home, tables.format(schema))]
        assert found == sorted((*load_contracts(), *beside))
    assert query(workspace.home, "select count(*), count(distinct batch_id) from raw.invoice_lines") == [(3, 2)]
    assert query(workspace.home, "select count(*) from quarantine.invoice_lines") == [(1,)]
    assert query(workspace.home, "select count(*) from raw.zone_overrides") == [(0,)]
    joined = (
        f"select invoice_id from raw.invoice_lines join control.load_batches using (batch_id) where "
        f"{'is_active'} order by 1"
    )
    assert query(workspace.home, joined) == [("R1",), ("R3",)]
    history = (
        "select batch_id, sequence, is_first, superseded_at, is_active from control.load_batches order by sequence"
    )
    assert query(workspace.home, history)[0] == (
        first.batch_ids[0], 1, True, datetime(2026, 1, 2, 5), False,
    )  # fmt: skip
    assert query(workspace.home, "from control.company") == [("Europe/Berlin",)]
    assert query(workspace.home, "from control.as_of_dates") == [
        (date(2025, 11, 30), datetime(2026, 1, 5), False, False, date(2025, 11, 30), True),
        (date(2025, 12, 31), datetime(2026, 1, 5), True, False, date(2025, 12, 31), True),
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(load_contracts()))
def test_views_have_the_columns_of_the_contract(name: str, attached: Home) -> None:
    """The other direction of the generated sources: what dbt is promised is what it sees."""
    contract = load_contracts()[name]
    promised = [(column.load_name, column.sql_type) for column in contract.columns]
    promised += [("batch_id", "VARCHAR"), ("file_name", "VARCHAR"), ("line_number", "BIGINT")]
    found = [(row[0], row[1]) for row in query(attached, f"describe raw.{name}")]
    assert found == promised
    extra = [
        (column, "VARCHAR") for column in ("quarantine_reason", "quarantine_reasons", "rejected_column", "raw_text")
    ]
    assert [(row[0], row[1]) for row in query(attached, f"describe quarantine.{name}")] == promised + extra


@pytest.fixture(scope="module")
def attached(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.at(tmp_path_factory.mktemp("home")).prepare()
    attach(home, load_contracts())
    return home


def test_coverage_names_what_is_there_and_why_the_rest_is_not(tmp_path: Path) -> None:
    agreed = LINES.replace("    from:", "    max_age_days: 35\n    from:", 1)
    mapping = agreed + "unmapped: {payments: names no invoice, orders: not kept}\n"
    workspace = company(tmp_path, mapping)
    (tmp_path / "delivered" / "lines.csv").write_bytes(
        (HEADER + line("R1") + HEADER + line("R2", day="01.02.2024") + line("R3", gross="x")).encode("cp1252")
    )
    land_table(workspace, "invoice_lines")
    write_control(workspace, (YEAR_END,))
    attach(workspace.home, workspace.contracts)
    found = {str(row[0]): row[1:] for row in query(workspace.home, "from control.source_coverage")}
    assert set(found) == {*load_contracts(), "payments"}
    assert found["invoice_lines"] == (
        "erp",
        True,
        True,
        2,
        1,
        0,
        1,
        date(2024, 2, 1),
        date(2025, 12, 31),
        None,
        35,
        0,
        Decimal(0),
        Decimal(0),
        None,
    )
    assert found["orders"] == ("erp", False, False, 0, 0, 0, 0, None, None, "not kept", None, None, None, None, None)
    assert dict(query(workspace.home, "from control.cost_sources")) == {  # type: ignore[arg-type]
        "cogs": True, "marketing": False, "revenue": True, "sales": False, "service_logistics": False,
    }  # fmt: skip
    assert found["payments"] == (
        None,
        False,
        False,
        0,
        0,
        0,
        0,
        None,
        None,
        "names no invoice",
        None,
        None,
        None,
        None,
        None,
    )


def test_control_tables_are_the_same_bytes_for_the_same_input(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, line())
    found = []
    for as_of in (
        (YEAR_END, AsOf(date(2025, 11, 30), YEAR_END.known_at)),
        (AsOf(date(2025, 11, 30), YEAR_END.known_at), YEAR_END),
    ):
        write_control(workspace, as_of)
        found.append([path.read_bytes() for path in sorted(workspace.home.control.iterdir())])
    assert found[0] == found[1]
    with pytest.raises(ValueError, match="each date once"):
        write_control(workspace, (YEAR_END, YEAR_END))


def test_a_broken_warehouse_is_made_anew_and_a_lost_batch_is_not_hidden(tmp_path: Path) -> None:
    workspace, _ = lines_landed(tmp_path, line())
    workspace.home.warehouse.write_bytes(b"not a database" * 1000)
    attach(workspace.home, workspace.contracts)
    assert query(workspace.home, "select count(*) from raw.invoice_lines") == [(1,)]
    next(workspace.home.raw.glob("invoice_lines/batch=*/*")).unlink()
    with pytest.raises(KundenwertError, match="LANDING_CORRUPT"):
        attach(workspace.home, workspace.contracts)


def test_what_a_mapping_leaves_out_is_weighed_in_every_account(tmp_path: Path) -> None:
    """The ledger, the control tables and the end of a run say the same of the same rows."""
    lines = LINES.replace("    from: lines\n", "").partition("tables:")[0]
    mapping = lines.replace("format: german", "format: german, typed: {Brutto: number}") + (
        "  heads: {path: heads.csv, format: german}\ntables:\n  invoice_lines:\n    sql: |\n"
        "      select i.Beleg as invoice_id, i.Pos as line_no, '2025-12-31' as posting_date, h.Kunde as customer_id,\n"
        "        i.WG as product_group, i.Brutto as gross_list_amount\n"
        "      from lines i join heads h on i.Kunde = h.Kunde where i.Art <> 'ST'\n"
        '    constants: {currency_code: EUR, company_id: "1", doc_type: invoice, revenue_deductions: "0"}\n'
        "    where: gross_list_amount < 100\n"
    )
    workspace = company(tmp_path, mapping)
    delivered = [
        line("R1", gross="1,00"),
        line("R2", gross="2,00", art="ST"),
        line("R3", gross="4,00", customer="9"),
        line("R4", gross="800,00"),
        line("R5", gross="x"),
        line("R6", gross="16,00", art=""),
    ]
    for name, text in (("lines", HEADER + "".join(delivered)), ("heads", "Kunde\n007\n")):
        (tmp_path / "delivered" / f"{name}.csv").write_bytes(text.encode("cp1252"))
    outcome = land_table(workspace, "invoice_lines")
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (6, 1, 1)
    assert (outcome.rows_filtered, outcome.rows_lost_in_mapping) == (3, 1)
    assert {f.problem.code: (f.rows, f.amount) for f in outcome.problems} == {
        "LOST_IN_MAPPING": (1, Decimal("4.00")),
        "WHERE_EMPTY": (1, Decimal("16.00")),
        "NUM_FORMAT": (1, None),
    }
    write_control(workspace, (YEAR_END,))
    attach(workspace.home, workspace.contracts)
    batches = "rows_in, rows_accepted, rows_quarantined, rows_filtered, rows_lost_in_mapping, amount_column"
    amounts = "amount_accepted, amount_quarantined, amount_filtered, amount_lost_in_mapping"
    assert query(workspace.home, f"select {batches}, {amounts} from control.load_batches") == [
        (6, 1, 1, 3, 1, "gross_list_amount", *map(Decimal, ("1.00", "0.00", "818.00", "4.00")))
    ]
    coverage = "rows_filtered, amount_filtered, rows_lost_in_mapping, amount_lost_in_mapping"
    assert query(
        workspace.home, f"select {coverage} from control.source_coverage where table_name = 'invoice_lines'"
    ) == [(3, Decimal("818.00"), 1, Decimal("4.00"))]
    assert left_out(workspace) == (
        TableLeftOut(
            "invoice_lines", 1, 1, 3, Decimal("0.00"), Decimal("4.00"), Decimal("818.00"), "gross_list_amount"
        ),
    )
