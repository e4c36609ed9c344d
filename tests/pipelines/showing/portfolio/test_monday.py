"""Monday morning, without a mouse: the five most urgent tasks are reached, opened, filtered by area, saved and printed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page, expect

from tests.pipelines.showing.conftest import Open

pytestmark = pytest.mark.needs("browser")

URGENT = 5
STEPS_AT_MOST = 60
"""Keys until the list begins: whoever has no mouse does not press Tab a hundred times."""
AT = "document.activeElement"


def _most_urgent(version: Path, where: str = "true") -> list[tuple[str, str]]:
    return duckdb.execute(
        f"""select ultimate_parent_id, customer_name from '{version / "bi" / "mart_worklist"}.parquet'
        where as_of_date = date '2026-09-30' and {where} order by priority limit {URGENT}"""
    ).fetchall()


def _until(page: Page, is_there: str, key: str = "Tab") -> None:
    for _ in range(STEPS_AT_MOST):
        page.keyboard.press(key)
        if page.evaluate(is_there):
            return
    raise AssertionError(f"{STEPS_AT_MOST} times {key} do not lead to {is_there}")


def test_monday_morning_without_a_mouse(version: Path, report: Path, opened: Open) -> None:
    made = opened(report)
    page = made.page
    for nth, (customer, name) in enumerate(_most_urgent(version), start=1):
        _until(page, f"{AT}.closest('#todo-table tbody tr:nth-child({nth})') !== null")
        assert name in page.evaluate(f"{AT}.closest('tr').textContent")
        page.keyboard.press("Enter")
        expect(page.locator("#card")).to_be_visible()
        assert customer in page.locator("#card").inner_text()
        assert page.evaluate("new URLSearchParams(location.hash.slice(1)).get('customer')") == customer
        page.keyboard.press("Escape")
        expect(page.locator("#card")).to_be_hidden()
        assert page.evaluate(f"{AT}.closest('#todo-table') !== null"), "the reader goes on where they were"

    _until(page, f"{AT}.id === 'bar-area'", "Shift+Tab")
    page.keyboard.press("S")
    area = page.evaluate(f"{AT}.selectedOptions[0].textContent")
    wanted = _most_urgent(version, f"owner_area = '{area}'")
    assert wanted
    shown = page.locator("#todo-table tbody tr:visible").evaluate_all("(rows) => rows.map((row) => row.dataset.id)")
    assert shown[:URGENT] == [customer for customer, _ in wanted]

    _until(page, f"{AT}.dataset.csv === 'worklist'")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    saved = list(csv.DictReader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"), newline="")))
    assert [row["Id"] for row in saved[:URGENT]] == [customer for customer, _ in wanted]

    page.emulate_media(media="print")
    assert not page.locator("#bar").is_visible(), "controls are for the screen"
    printed = page.locator("#todo-table tbody tr:visible").evaluate_all("(rows) => rows.map((row) => row.dataset.id)")
    assert printed == shown
    assert page.pdf().startswith(b"%PDF")
    assert made.complaints == []
