"""A company with an ERP only starts to rate: sheets written, filled in as people would, returned; zones move, the work list shrinks."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company
from tests.rating_sheets import Page, returned

pytestmark = pytest.mark.slow

SOURCES = """
version: 1
company: Two files and no CRM
root: ../deliveries
time_zone: Europe/Berlin
formats:
  iso: {kind: csv, delimiter: ",", encoding: utf-8, decimal: ".", date: yyyy-mm-dd, timestamp: "yyyy-mm-ddThh:mm:ss"}
  back: {kind: rating_sheet}
files:
  customers: {path: customers.csv, format: iso, delivered_at: 2025-12-03T06:00:00}
  lines: {path: lines.csv, format: iso, delivered_at: 2025-12-03T06:00:00}
  back: {path: "back/*.xlsx", format: back}
tables:
  customers: {from: customers, constants: {relationship_type: customer, currency_code: EUR}}
  accounts: {from: customers, columns: {customer_id: customer_id, account_id: customer_id, account_name: customer_name}}
  invoice_lines: {from: lines, constants: {company_id: "1", line_no: 1, doc_type: invoice, currency_code: EUR, revenue_deductions: 0}}
  ratings: {sheets: back}
  potential_estimates: {sheets: back}
"""
MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)][8:-1]
"""Fifteen of them, so that few have to be replayed."""
GOOD = {f"level__{name}": 5 for name in ("chemistry", "strategy_clarity", "future_demand", "process_maturity")}


def deliver(folder: Path) -> None:
    folder.mkdir()
    customers = ["customer_id,customer_name,first_invoice_date", *(f"C{n},Kunde {n},2015-01-01" for n in range(1, 7))]
    lines = ["invoice_id,posting_date,customer_id,product_group,gross_list_amount,cogs"]
    for month in MONTHS:
        lines += [f"R{month}-{n},{month}-15,C{n},PUMPS,{n * 1000}.00,{n * 500}.00" for n in range(1, 7)]
    (folder / "customers.csv").write_text("\n".join(customers) + "\n", encoding="utf-8")
    (folder / "lines.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def zones(company: Company) -> dict[str, tuple[str, str]]:
    with company.serving() as bi:
        found = bi.execute(
            "select ultimate_parent_id, zone, zone_status from mart_portfolio where is_latest order by 1"
        ).fetchall()
    return {parent: (zone, status) for parent, zone, status in found}


def to_rate(company: Company) -> set[str]:
    with company.serving() as bi:
        latest = "as_of_date = (select max(as_of_date) from mart_worklist)"
        rows = bi.execute(f"select ultimate_parent_id from mart_worklist where task = 'rate' and {latest}").fetchall()
    return {parent for (parent,) in rows}


def sheets(company: Company, directory: Path) -> list[dict[str, object]]:
    told = json.loads(
        company.fork_and_succeed("sheet", "ratings", "--language", "de", "--out", str(directory), "--json")
    )
    found: list[dict[str, object]] = told["sheets"]
    return found


def test_sheets_go_out_and_come_back(tmp_path: Path) -> None:
    deliver(tmp_path / "deliveries")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sources.yml").write_text(SOURCES, encoding="utf-8")
    method = (REPOSITORY / "config" / "portfolio.yml").read_text(encoding="utf-8")
    (tmp_path / "config" / "portfolio.yml").write_text(
        method.replace("shown_months: 13", "shown_months: 1"), encoding="utf-8"
    )
    company = Company(config=tmp_path / "config", home=tmp_path / "home")
    company.fork_and_succeed("run", "--as-of", "2025-10-31", "--known-at", "2025-11-03T08:00:00", "--publish")
    assert set(zones(company).values()) == {("unrated", "unrated")}
    assert to_rate(company) == {f"C{n}" for n in range(1, 7)}

    (sheet,) = sheets(company, tmp_path / "out")
    assert (sheet["ratings"], sheet["demands"]) == (6, 6)

    def filled(pages: dict[str, Page]) -> None:
        ratings, demand = pages["Bewertungen"], pages["Bedarf"]
        assert ratings.accounts == ["C6", "C5", "C4", "C3", "C2", "C1"], "the most revenue first"
        for page in (ratings, demand):
            page.once("valid_from", date(2025, 11, 10))
        ratings.once("rater_id", "r1")
        for account in ("C6", "C5"):
            ratings.fill(account, **GOOD, level__access_decision_makers=4)
            demand.fill(account, effective_demand=400_000, achievable_share=0.8)
        ratings.fill("C4", **dict.fromkeys(GOOD, 1), level__access_decision_makers=1)
        demand.fill("C4", effective_demand=60_000)
        ratings.fill("C3", level__chemistry="unbekannt")

    returned(Path(str(sheet["path"])), tmp_path / "deliveries" / "back" / "alle.xlsx", filled)
    company.fork_and_succeed("run")

    after = zones(company)
    assert {parent for parent, (zone, _) in after.items() if zone == "protection"} == {"C5", "C6"}
    assert after["C4"][0] == "withdrawal"
    assert {after[parent] for parent in ("C1", "C2", "C3")} == {("unrated", "unrated")}
    assert to_rate(company) == {"C1", "C2", "C3"}, "what is rated is done, what nobody could say is not"
    (next_sheet,) = sheets(company, tmp_path / "next")
    assert int(str(next_sheet["ratings"])) <= 6 and int(str(next_sheet["demands"])) == 3
    with company.serving() as bi:
        since = bi.execute(
            "select distinct rating_valid_from from fct_criterion_score where ultimate_parent_id = 'C6' and criterion_id = 'chemistry'"
        ).fetchall()
    assert since == [(date(2025, 11, 10),)]
