"""A controller with the demo's page, a keyboard and nothing else: every planted fault is found, where, how often and for how much.

Belongs here: what is visible in a real browser beside the published tables. Not here: the page's source (tests/end_to_end/
test_controlling.py), its layout (test_controlling_page).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page

from pipelines.showing.areas import area as called
from pipelines.vocabulary import Voice
from tests.end_to_end.demo import demo_published
from tests.end_to_end.kundenwert import Company
from tests.pipelines.showing.conftest import Open

pytestmark = [pytest.mark.needs("browser"), pytest.mark.slow]

ENGLISH = Voice("en")
READ = """(folds) => folds.map((fold) => ({
  title: fold.querySelector("summary b").innerText,
  note: fold.querySelector("summary .note").innerText,
  rows: [...fold.querySelectorAll("tbody tr")].map((row) => Object.fromEntries([...row.children].map((cell, place) => [
    fold.querySelectorAll("thead th")[place].innerText, (cell.querySelector(".content") ?? cell).innerText]))),
}))"""
"""What is visible of folds: innerText leaves out what the page does not show."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return demo_published(tmp_path_factory)


def _unfold(page: Page, section: str) -> list[dict[str, Any]]:
    """As a person does it without a mouse: to the section by its link, then the button that opens everything."""
    page.locator(f".contents a[href='#{section}']").focus()
    page.keyboard.press("Enter")
    page.locator(f"#{section} [data-unfold]").focus()
    page.keyboard.press("Enter")
    return page.locator(f"#{section} details").evaluate_all(READ)  # type: ignore[no-any-return]


def _select(company: Company, sql: str) -> list[tuple[Any, ...]]:
    folders = {name: company.current / name for name in ("bi", "controlling")}
    with duckdb.connect() as connection:
        for table, folder in (
            ("mart_input_quality", "bi"),
            ("mart_input_quality_rows", "controlling"),
            ("mart_portfolio", "bi"),
        ):
            connection.execute(f"create view {table} as select * from '{folders[folder] / table}.parquet'")
        for table in ("quarantined_rows", "unreadable_values"):
            connection.execute(f"create view {table} as select * from '{folders['controlling'] / table}.parquet'")
        return connection.execute(sql).fetchall()


def _amount(shown: str) -> Decimal | None:
    return None if shown == "–" else Decimal(shown.replace(",", ""))


def test_every_doubt_is_found_with_area_count_and_money(demo: Company, opened: Open) -> None:
    page = opened(demo.home / "reports" / "controlling.html").page
    shown = {
        (fold["title"], row["Area"]): (_amount(row["Rows"]), _amount(row["Customers"]), _amount(row["Money"]))
        for fold in _unfold(page, "doubts")
        for row in fold["rows"]
    }
    marts = {
        (check, called(area).by(ENGLISH)): (rows, customers, amount)
        for check, area, rows, customers, amount in _select(
            demo,
            """with
            latest as (select * from mart_input_quality where as_of_date = (select max(as_of_date) from mart_input_quality)),
            behind as (
                select check_id, area, count(distinct ultimate_parent_id) as customers
                from mart_input_quality_rows
                inner join mart_portfolio using (as_of_date, ultimate_parent_id)
                where as_of_date = (select max(as_of_date) from latest)
                group by all
            )
            select
                any_value(check_text_en), area, sum(affected_rows)::bigint, coalesce(any_value(customers), 0),
                sum(affected_amount) filter (affected_rows > 0)
            from latest
            left join behind using (check_id, area)
            group by check_id, area
            having sum(affected_rows) > 0""",
        )
    }
    assert shown == marts
    planted = {
        check for (check,) in _select(demo, "select check_text_en from mart_input_quality where affected_rows > 0")
    }
    assert {title for title, _ in shown} == planted
    assert len(planted) > 25


def test_every_row_set_aside_is_found_with_reason_count_and_money(demo: Company, opened: Open) -> None:
    page = opened(demo.home / "reports" / "controlling.html").page
    shown: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
    for fold in _unfold(page, "reasons"):
        for row in fold["rows"]:
            key = (fold["title"], row["What became of it"], row["Field"])
            rows, amount = shown.get(key, (Decimal(0), Decimal(0)))
            shown[key] = (rows + (_amount(row["Rows"]) or 0), amount + (_amount(row["Amount, as delivered"]) or 0))
            assert row["Reason"]
            assert row["Where"]
    tables = {
        (ENGLISH.label("source", source), became, column): (rows, amount)
        for source, became, column, rows, amount in _select(
            demo,
            """select table_name, 'row in quarantine', coalesce(rejected_column, ''), count(*), coalesce(sum(amount), 0)::decimal(38, 2)
            from quarantined_rows group by all
            union all
            select table_name, 'value left empty', coalesce(column_name, ''), count(*), coalesce(sum(amount), 0)::decimal(38, 2)
            from unreadable_values group by all""",
        )
    }
    assert shown == tables
    assert len(tables) > 15
