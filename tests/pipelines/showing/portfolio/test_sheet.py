"""The sheet of a customer in the page, and the page in the dark, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page, expect

from pipelines.showing.explain.model import CASCADE
from pipelines.vocabulary import Voice
from tests.patience import PATIENCE_SECONDS
from tests.pipelines.showing.conftest import Open, scroll_through
from tests.pipelines.showing.portfolio.small_version import SCRIPT_NAME

pytestmark = pytest.mark.needs("browser")

expect.set_options(timeout=PATIENCE_SECONDS * 1000)
STEPS = "#card .sheet-steps > div"
PAPER, NIGHT = "rgb(255, 255, 255)", "rgb(24, 33, 43)"


def _row(version: Path, mart: str, what: str, who: str) -> tuple[Any, ...]:
    source = f"'{version / 'bi' / mart}.parquet'"
    where = f"as_of_date = date '2026-09-30' and ultimate_parent_id = '{who}'"
    (row,) = duckdb.execute(f"select {what} from {source} where {where}").fetchall()
    return tuple(row)


def _paper(page: Page) -> tuple[str, str]:
    """What is behind the text of a panel, and behind the whale curve."""
    found = page.evaluate(
        """() => [getComputedStyle(document.querySelector(".panel")).backgroundColor,
             document.getElementById("whale").layout.paper_bgcolor]"""
    )
    return tuple(found)


def test_a_sheet_opens_by_keyboard_says_what_the_marts_say_and_goes_back(
    version: Path, report: Path, opened: Open
) -> None:
    made = opened(report)
    page = made.page
    name = page.locator("#everybody-table").get_by_role("button", name=SCRIPT_NAME)
    name.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name=SCRIPT_NAME)
    expect(sheet.get_by_role("button", name="Close")).to_be_focused()
    assert page.evaluate("location.hash") == "#customer=H1"
    voice = Voice("en")
    amounts = _row(version, "mart_portfolio", ", ".join(CASCADE), "H1")
    wanted = [
        [voice.label("amount", step), voice.say("explain.why.unknown") if amount is None else voice.number(amount)]
        for step, amount in zip(CASCADE, amounts, strict=True)
    ]
    assert [line.split("\n") for line in page.locator(STEPS).all_inner_texts()] == wanted
    planned, actual = _row(version, "mart_service_levels", "planned_visits, actual_visits", "H1")
    care = page.locator("#card .sheet-care").inner_text()
    assert f"Visits planned a year\n{planned}" in care
    assert f"Visits, 12 months\n{actual}" in care
    assert f"Last contact\n{voice.say('explain.why.unknown')}" in care
    assert "Owner area\nNord" in care
    assert "14 Oct 2026 Visit" in " ".join(sheet.inner_text().split())
    page.go_back()
    expect(sheet).to_be_hidden()
    assert "customer" not in page.evaluate("location.hash")
    page.go_forward()
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert "customer" not in page.evaluate("location.hash")
    page.evaluate("location.hash = 'customer=K1'")
    expect(page.get_by_role("dialog", name="Pflegefall OHG")).to_be_visible()
    page.reload()
    expect(page.get_by_role("dialog", name="Pflegefall OHG")).to_be_visible()
    assert made.complaints == []


def test_a_sheet_draws_the_months_and_lists_the_groups_and_roles_of_the_marts(
    version: Path, report: Path, opened: Open
) -> None:
    voice = Voice("de")
    made = opened(report, locale="de")
    page = made.page
    page.evaluate("location.hash = 'customer=H2'")
    page.locator("#card summary").click()

    def shown(table: str) -> list[list[str]]:
        return [row.split("\t") for row in page.locator(f"#card .{table} tbody tr").all_inner_texts()]

    def rows(mart: str, what: str, order: str, where: str = "true") -> list[tuple[Any, ...]]:
        source = f"'{version / 'bi' / mart}.parquet'"
        return duckdb.sql(
            f"select {what} from {source} where ultimate_parent_id = 'H2' and {where} order by {order}"
        ).fetchall()

    def written(value: Any) -> str:
        return "–" if value is None else voice.number(value)

    months = rows("mart_contribution_month", "month_start, net_revenue, customer_contribution, visits", "1 desc")
    assert [month for month, *_ in months if month.month == 5 and month.year == 2026] == []
    wanted = [[voice.month(f"{month:%Y-%m}"), *map(written, values)] for month, *values in months[:23]]
    wanted.insert(4, [voice.month("2026-05"), "–", "–", "–"])
    assert shown("sheet-months") == wanted
    assert page.locator("#card .by-month rect.pale").count() == 23
    columns = "product_group, annual_demand, net_revenue, sow_capped_ratio, achievable_gap"
    groups = rows("mart_share_of_wallet", columns, "achievable_gap desc nulls last, product_group")
    said = shown("sheet-groups")
    assert [[line[0].split(" ▸")[0], *line[1:]] for line in said] == [
        [name, written(demand), written(revenue), "–" if share is None else voice.percent(share, 0), written(gap)]
        for name, demand, revenue, share, gap in groups
    ]
    assert [line[0] for line in said if "▸" in line[0]] == ["Antriebstechnik ▸ Als Nächstes"]
    assert shown("sheet-roles") == [["Einkäufer", "2", "3"], ["Entscheider", "0", "–"]]
    assert made.complaints == []


def test_the_page_is_dark_where_it_is_wanted_and_paper_is_white(report: Path, opened: Open) -> None:
    page = opened(report).page
    assert _paper(page) == (PAPER, PAPER)
    page.emulate_media(color_scheme="dark")
    button = page.get_by_role("button", name="Dark")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert _paper(page) == (NIGHT, NIGHT)
    button.click()
    assert _paper(page) == (PAPER, PAPER)
    page.reload()
    scroll_through(page)
    assert _paper(page) == (PAPER, PAPER)
    page.get_by_role("button", name="Dark").click()
    assert _paper(page) == (NIGHT, NIGHT)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert _paper(page) == (PAPER, PAPER)
