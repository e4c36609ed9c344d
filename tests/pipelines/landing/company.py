"""A small company with real files for landing tests. Belongs here: making it and looking at what was landed."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

import duckdb

from pipelines.contracts import load_contracts
from pipelines.home import Home
from pipelines.landing.land import LandingOutcome, land_table
from pipelines.settings.portfolio import Portfolio, read_portfolio
from pipelines.settings.sources import read_sources
from pipelines.settings.workspace import Workspace

FORMATS = """
version: 1
company: test
root: ../delivered
time_zone: Europe/Berlin
formats:
  german: {kind: csv, delimiter: ";", encoding: windows-1252, decimal: ",", thousands: ".", date: dd.mm.yyyy,
           timestamp: "dd.mm.yyyy hh:mm:ss", "true": [J], "false": [N]}
  iso: {kind: csv, delimiter: ",", encoding: utf-8, decimal: ".", date: yyyy-mm-dd, timestamp: "yyyy-mm-ddThh:mm:ss"}
  parquet: {kind: parquet}
"""

LINES = """
files:
  lines: {path: "lines*.csv", format: german, delivered_at: 2026-01-02T06:00:00}
tables:
  invoice_lines:
    from: lines
    columns: {invoice_id: Beleg, line_no: Pos, posting_date: Datum, customer_id: Kunde, product_group: WG,
              gross_list_amount: Brutto, revenue_deductions: Abzug, cogs: Einsatz, doc_type: Art}
    constants: {currency_code: EUR, company_id: "1000"}
    values: {doc_type: {RE: invoice, GU: credit_note}}
"""
HEADER = "Beleg;Pos;Art;Datum;Kunde;WG;Brutto;Abzug;Einsatz\n"


def line(invoice: str = "R1", number: object = 1, gross: str = "1.234,56", **other: str) -> str:
    """One delivered invoice line in German."""
    fields = {
        "art": "RE",
        "day": "31.12.2025",
        "customer": "007",
        "group": "Größe",
        "off": "0,00",
        "cogs": "1,5",
    } | other
    order = (fields["art"], fields["day"], fields["customer"], fields["group"], gross, fields["off"], fields["cogs"])
    return ";".join((invoice, str(number), *order)) + "\n"


def company(directory: Path, mapping: str = LINES) -> Workspace:
    """The company with its configuration in `directory`; what stands in `directory/delivered` stays."""
    config = directory / "config"
    config.mkdir(exist_ok=True)
    (directory / "delivered").mkdir(exist_ok=True)
    (config / "sources.yml").write_text(FORMATS + mapping, encoding="utf-8")
    sources = read_sources(config / "sources.yml")
    return Workspace(config, Home.at(directory / "home").prepare(), sources, _method(), load_contracts())


@cache
def _method() -> Portfolio:
    """The shipped method: landing asks it where judging begins, and nothing else."""
    return read_portfolio(Path(__file__).parents[3] / "config" / "portfolio.yml")


def deliver(directory: Path, name: str, content: str | bytes) -> None:
    """Put a delivered file into `directory/delivered`."""
    path = directory / "delivered" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("cp1252"))


def lines_landed(directory: Path, *lines: str) -> tuple[Workspace, LandingOutcome]:
    """Deliver and land invoice lines as one file."""
    workspace = company(directory)
    deliver(directory, "lines.csv", HEADER + "".join(lines))
    return workspace, land_table(workspace, "invoice_lines")


def rows(workspace: Workspace, zone: str, table: str, columns: str, batch_id: str = "*") -> list[tuple[object, ...]]:
    """Columns of all files of a table in a zone (raw, quarantine), in file order."""
    files = getattr(workspace.home, zone) / table / f"batch={batch_id}" / "*.parquet"
    return duckdb.sql(f"select {columns} from read_parquet('{files}', hive_partitioning=false)").fetchall()


def parquet_bytes(home: Home) -> dict[str, str]:
    """Path below landing/ -> SHA-256 of every Parquet file and original."""
    landing = home.root / "landing"
    found = [path for path in landing.rglob("*") if path.is_file() and path.parent != home.ledger]
    return {str(path.relative_to(landing)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def land_lines(directory: Path) -> None:
    """Land the invoice lines as a process of its own does; tells the status."""
    os.umask(0o077)
    print(land_table(company(directory), "invoice_lines").status)
