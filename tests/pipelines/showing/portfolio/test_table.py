"""The table of everybody in a real browser: rows, order and the files saved of it are the marts'."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page, expect

from pipelines.showing.portfolio.page import write_page
from pipelines.showing.portfolio.query import Limits
from tests.patience import PATIENCE_SECONDS
from tests.pipelines.showing.conftest import Open
from tests.pipelines.showing.portfolio.small_version import ODD_NAME, build

pytestmark = pytest.mark.needs("browser")

LATEST = "as_of_date = date '2026-09-30'"
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


def _select(version: Path, mart: str, what: str, where: str = "true", order: str = "all") -> list[tuple[Any, ...]]:
    sql = f"select {what} from '{version / 'bi' / mart}.parquet' where {LATEST} and {where} order by {order}"
    return duckdb.execute(sql).fetchall()


def _shown(page: Page) -> list[str]:
    return page.locator("#everybody-table .tabulator-row [tabulator-field=ultimate_parent_id]").all_inner_texts()


def _saved(page: Page, name: str, between: str) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.locator(f"[data-csv={name}]").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=between))


def test_the_table_sorts_by_keyboard_and_its_address_keeps_the_order(version: Path, report: Path, opened: Open) -> None:
    made = opened(report)
    page = made.page
    largest = [row[0] for row in _select(version, "mart_portfolio", "ultimate_parent_id", order="net_revenue desc")]
    assert _shown(page) == largest[:25]
    title = page.get_by_role("columnheader", name="Left to win")
    expect(title).to_have_attribute("aria-sort", "none")
    title.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(title).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("Enter")
    expect(title).to_have_attribute("aria-sort", "ascending")
    order = "achievable_gap nulls last"
    gaps = _select(
        version, "mart_portfolio", "ultimate_parent_id", "zone <> 'maintain' and zone <> 'withdrawal'", order
    )
    assert _shown(page) == [row[0] for row in gaps[:25]]
    page.reload()
    expect(page.get_by_role("columnheader", name="Left to win")).to_have_attribute("aria-sort", "ascending")
    assert _shown(page) == [row[0] for row in gaps[:25]]
    page.get_by_role("button", name="Next").click()
    assert _shown(page) == [row[0] for row in gaps[25:50]]
    assert made.complaints == []


def test_what_is_saved_is_what_is_shown_and_what_the_marts_say(version: Path, report: Path, opened: Open) -> None:
    page = opened(report, locale="de-DE").page
    page.get_by_label("Gebiet").select_option("Süd")
    expect(page.locator("#everybody-counter")).to_contain_text("von ")
    rows = _saved(page, "everybody", ";")
    wanted = _select(
        version,
        "mart_portfolio",
        "ultimate_parent_id, customer_name, net_revenue, contribution_4, customer_value_score",
        "owner_area = 'Süd'",
        "net_revenue desc",
    )
    assert [row["Nummer"] for row in rows] == [row[0] for row in wanted]
    assert [row["Name"] for row in rows] == [row[1] for row in wanted]
    assert [Decimal(row["Nettoumsatz, EUR"].replace(",", ".")) for row in rows] == [row[2] for row in wanted]
    assert [Decimal(row["Deckungsbeitrag IV, EUR"].replace(",", ".")) for row in rows] == [row[3] for row in wanted]
    assert {row["Zone"] for row in rows} <= {"Schutzzone", "Entwicklungszone", "Pflegezone", "Rückzugszone"}
    tasks = _saved(page, "worklist", ";")
    due = _select(version, "mart_worklist", "ultimate_parent_id, due_on, money", "owner_area = 'Süd'", "priority")
    assert [(row["Nummer"], row["Fällig"], Decimal(row["Betrag, EUR"].replace(",", "."))) for row in tasks] == [
        (who, str(day), money) for who, day, money in due
    ]
    assert {row["Gebiet"] for row in tasks} == {"Süd"}


def test_a_spreadsheet_computes_nothing_a_company_wrote(tmp_path: Path, opened: Open) -> None:
    """A name that begins like a formula gets an apostrophe; quotes and separators stay what they are."""
    names = {"H1": "=1+1", "H2": "@sum(a1)", "K1": 'a,"b";c'}
    renamed = " ".join(f"when '{who}' then '{name}'" for who, name in names.items())
    extra = f"update mart_portfolio set customer_name = case ultimate_parent_id {renamed} else customer_name end"
    page = opened(write_page(build(tmp_path, extra=extra, crowd=False), tmp_path / "page.html")).page
    saved = {row["Id"]: row["Name"] for row in _saved(page, "everybody", ",")}
    assert {who: saved[who] for who in names} == {**names, "H1": "'=1+1", "H2": "'@sum(a1)"}
    assert saved["H3"] == ODD_NAME


def test_a_page_too_small_for_everybody_says_so(version: Path, tmp_path: Path, opened: Open) -> None:
    limits = Limits(bubbles=16, leads=1, tasks=3, moves=1, everybody=60, cards=5)
    page = opened(write_page(version, tmp_path / "page.html", limits=limits)).page
    assert "The page holds 60 of 308 customers and leads" in page.locator("[data-note=held]").inner_text()
    assert page.evaluate("window.kundenwert.everybody.length") == 60
    assert set(page.evaluate("document.getElementById('matrix').data.flatMap((trace) => trace.ids)")) <= set(
        page.evaluate("window.kundenwert.everybody.map((one) => one.ultimate_parent_id)")
    )
