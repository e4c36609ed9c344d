"""From a red gate to a version: half a delivery refused, waived and said on every page; an unreadable amount corrected in a sheet."""

from __future__ import annotations

import csv
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import ExitCode
from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company

SOURCES = """
version: 1
company: Test GmbH
root: ../deliveries
time_zone: Europe/Berlin
formats:
  de: {kind: csv, delimiter: ";", encoding: utf-8, decimal: ",", thousands: ".", date: dd.mm.yyyy, timestamp: "dd.mm.yyyy hh:mm:ss"}
files:
  customers: {path: customers.csv, format: de, delivered_at: 2026-01-05T06:00:00}
  lines: {path: lines.csv, format: de, delivered_at: 2026-01-05T06:00:00}
tables:
  customers:
    from: customers
    columns: {customer_id: Kunde, customer_name: Name}
    constants: {relationship_type: customer, currency_code: GBP}
  invoice_lines:
    from: lines
    columns: {invoice_id: Beleg, posting_date: Datum, customer_id: Kunde, gross_list_amount: Brutto}
    constants: {company_id: "1", doc_type: invoice, currency_code: GBP, line_no: 1, product_group: goods, revenue_deductions: 0,
                cogs: null}
"""
LINES = [
    f"R{month:02}{customer}{copy};{day:02}.{month:02}.2025;{customer};1.000,00\n"
    for month in range(1, 13)
    for customer in (100, 200)
    for copy, day in enumerate((5, 12, 19, 26))
]


def deliver(company: Company, lines: list[str]) -> None:
    path = company.config.parent / "deliveries" / "lines.csv"
    path.write_text("Beleg;Datum;Kunde;Brutto\n" + "".join(lines), encoding="utf-8")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    config, deliveries = tmp_path / "config", tmp_path / "deliveries"
    config.mkdir()
    deliveries.mkdir()
    (config / "sources.yml").write_text(SOURCES, encoding="utf-8")
    shutil.copy(REPOSITORY / "examples" / "online_retail" / "config" / "portfolio.yml", config)
    (deliveries / "customers.csv").write_text("Kunde;Name\n100;Alpha\n200;Beta\n", encoding="utf-8")
    return Company(config, tmp_path / "home")


def revenue(company: Company) -> Decimal:
    with company.serving() as bi:
        row = bi.execute("select sum(net_revenue) from mart_portfolio where as_of_date = date '2025-12-31'").fetchone()
    assert row is not None
    return Decimal(row[0])


def said(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
def test_each_way_out_of_a_red_gate_is_open(company: Company) -> None:
    deliver(company, LINES)
    company.fork_and_succeed("run")
    assert revenue(company) == Decimal("96000.00")
    before = company.current

    deliver(company, LINES[::2])
    red = company.fork("run")
    message = said(red.stdout + red.stderr)
    assert red.returncode == ExitCode.GATE_RED and company.current == before
    assert "48000.00 GBP of net revenue (50.0 %)" in message and "is it half of one?" in message
    assert "waivers.yml" in message and "deliver again" in message and "Traceback" not in message
    batch = re.search(r"batch: ([0-9a-f]{16})", message)
    assert batch is not None

    named = f'table: invoice_lines, batch: "{batch[1]}", who: A. Controller, why: sold a division, until: 2026-01-31'
    (company.config / "waivers.yml").write_text(
        f"version: 1\nwaivers:\n  - {{code: REVENUE_LOST, {named}}}\n  - {{code: MONTHS_RESTATED, {named}}}\n",
        encoding="utf-8",
    )
    shown = said(company.fork_and_succeed("run"))
    assert "waived REVENUE_LOST" in shown and "waived by A. Controller" in shown and "sold a division" in shown
    assert revenue(company) == Decimal("48000.00"), "waiving changes no number"
    page = (company.home / "reports" / "portfolio.html").read_text(encoding="utf-8")
    for words in ("A. Controller takes responsibility", "A. Controller verantwortet", "sold a division"):
        assert words in page
    assert "A. Controller takes responsibility" in said(company.fork_and_succeed("explain", "100"))
    with company.serving() as bi:
        notes = bi.execute(
            "select distinct waiver_note from mart_data_coverage where source_name = 'invoice_lines'"
        ).fetchall()
    assert len(notes) == 1 and "A. Controller: sold a division" in notes[0][0]

    # The next delivery is judged again: it restates what half a delivery said, which a limit may allow, and one amount is unreadable.
    allowed = SOURCES + "limits: {restated: {warn: 0.5, red: null}}\n"
    (company.config / "sources.yml").write_text(allowed, encoding="utf-8")
    deliver(company, [*LINES[:-1], LINES[-1].replace("1.000,00", "1.O00,00")])
    red = company.fork("run")
    message = said(red.stdout + red.stderr)
    assert red.returncode == ExitCode.GATE_RED and "NUM_FORMAT" in message and "lines.csv:97" in message
    assert "quarantine export" in message
    sheet = company.config.parent / "sheet.csv"
    company.fork_and_succeed("quarantine", "export", str(sheet), "--raw")
    with sheet.open(encoding="utf-8-sig", newline="") as lines:
        head, row = csv.reader(lines, delimiter=";")
    row[head.index("Brutto")] = "1.000,00"
    with sheet.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines, delimiter=";").writerows([head, row])
    company.fork_and_succeed("quarantine", "replay", str(sheet), "--by", "A. Controller", "--why", "as on paper")
    shown = said(company.fork_and_succeed("run"))
    assert revenue(company) == Decimal("96000.00")
    assert "warning MONTHS_RESTATED" in shown and "48000.00 GBP (100.0 %)" in shown
    assert "WAIVER_UNUSED" in shown, "a waiver of a batch that is gone is about nothing"
    company.fork_and_succeed("verify")
