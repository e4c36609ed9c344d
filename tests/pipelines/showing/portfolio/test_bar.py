"""The page's bar in a real browser: whom it chooses is whom the mart names, and its address brings the choice back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page, expect

from pipelines.vocabulary import Voice
from tests.patience import PATIENCE_SECONDS
from tests.pipelines.showing.conftest import Open

pytestmark = pytest.mark.needs("browser")

LATEST = "as_of_date = date '2026-09-30'"
COUNT = "#bar-count"
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


def _select(version: Path, mart: str, what: str, where: str) -> list[tuple[Any, ...]]:
    return duckdb.execute(f"select {what} from '{version / 'bi' / mart}.parquet' where {LATEST} and {where}").fetchall()


def _ids(version: Path, mart: str, where: str) -> set[str]:
    return {row[0] for row in _select(version, mart, "ultimate_parent_id", where)}


def _drawn(page: Page) -> set[str]:
    return set(page.evaluate("document.getElementById('matrix').data.flatMap((trace) => trace.ids)"))


def _tasks(page: Page) -> set[str]:
    rows = "(rows) => rows.map((row) => row.dataset.id)"
    return set(page.locator("#todo-table tr[data-hit]").evaluate_all(rows))


def test_whom_the_bar_chooses_is_whom_the_mart_names(version: Path, report: Path, opened: Open) -> None:
    """By area and zone, in the work list, the matrix, every other list and the counts."""
    page = opened(report, locale="de-DE").page
    everybody = len(_ids(version, "mart_portfolio", "true"))
    expect(page.locator(COUNT)).to_have_text(f"{everybody} von {everybody} Kunden und Interessenten")
    page.get_by_label("Gebiet").select_option("kleine Bereiche zusammen")
    page.get_by_label("Zone", exact=True).select_option(label=Voice("de").label("zone", "protection"))
    where = "owner_area = '(small areas)' and zone = 'protection'"
    wanted = _ids(version, "mart_portfolio", where)
    assert 0 < len(wanted) < everybody
    expect(page.locator(COUNT)).to_have_text(f"{len(wanted)} von {everybody} Kunden und Interessenten")
    assert _tasks(page) == _ids(version, "mart_worklist", where) == wanted
    assert _drawn(page) == wanted
    assert f"Gezeigte Aufgaben: {len(wanted)} von {len(wanted)}" in page.locator("#todo-count").inner_text()
    others = page.locator("main table:not(#todo-table) tr[data-id]:visible")
    assert set(others.evaluate_all("(rows) => rows.map((row) => row.dataset.id)")) <= wanted
    page.get_by_role("button", name="Filter löschen").click()
    assert len(_drawn(page)) == 305
    assert len(_tasks(page)) == page.locator("#todo-table tbody tr").count()


def test_what_nobody_stated_can_be_chosen_too(version: Path, report: Path, opened: Open) -> None:
    page = opened(report).page
    page.get_by_label("Region").select_option("(not stated)")
    page.get_by_label("Type").select_option("Lead")
    wanted = _ids(version, "mart_portfolio", "region is null and relationship_type = 'lead'")
    expect(page.locator(COUNT)).to_have_text(f"{len(wanted)} of 308 customers and leads")
    page.get_by_label("Type").select_option("Customer")
    wanted = _ids(version, "mart_portfolio", "region is null and relationship_type = 'customer'")
    expect(page.locator(COUNT)).to_have_text(f"{len(wanted)} of 308 customers and leads")


def test_the_address_brings_the_choice_back(version: Path, report: Path, opened: Open) -> None:
    page = opened(report).page
    page.get_by_label("Name or id").fill("müLLER sohne")
    page.get_by_label("Region").select_option("Nordost")
    expect(page.locator(COUNT)).to_have_text("1 of 308 customers and leads")
    assert page.evaluate("location.hash") == "#search=m%C3%BCLLER+sohne&region=Nordost"
    page.reload()
    expect(page.locator(COUNT)).to_have_text("1 of 308 customers and leads")
    assert page.get_by_label("Name or id").input_value() == "müLLER sohne"
    assert _drawn(page) == {"H3"}
    page.evaluate("location.hash = 'region=&zone=unheard-of'")
    wanted = _ids(version, "mart_portfolio", "region is null")
    expect(page.locator(COUNT)).to_have_text(f"{len(wanted)} of 308 customers and leads")


def test_on_a_phone_the_bar_is_one_line_and_opens_by_keyboard(report: Path, opened: Open) -> None:
    page = opened(report, width=390).page
    assert page.locator("#bar").evaluate("(bar) => bar.getBoundingClientRect().height") < 130
    expect(page.get_by_label("Region")).to_be_hidden()
    page.get_by_label("Name or id").focus()
    page.keyboard.type("C0001")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Filters", exact=True)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Region")).to_be_focused()
    page.keyboard.type("West")
    expect(page.get_by_label("Region")).to_have_value("1")
    expect(page.locator(COUNT)).to_have_text("1 of 308 customers and leads")
    rows = "(rows) => rows.map((row) => row.dataset.id)"
    assert set(page.locator("main tr[data-id]:visible").evaluate_all(rows)) <= {"C0001"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
