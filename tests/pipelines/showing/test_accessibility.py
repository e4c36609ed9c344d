"""What people read is usable by those who do not see it, or use no mouse: axe finds nothing serious, in every language.

Belongs here: all pages and sheets through axe in a real browser. Not here: what they say and their layout (each its own folder).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pipelines.showing.controlling import page as controlling
from pipelines.showing.controlling.query import read_controlling
from pipelines.showing.portfolio import page as portfolio
from pipelines.showing.sheets.customer import read_sheet, write_sheet
from pipelines.vocabulary import Voice, languages
from pipelines.vocabulary.formats import own_name
from tests.pipelines.showing.conftest import Open
from tests.pipelines.showing.controlling.small_version import build as controlled
from tests.pipelines.showing.explain.small_version import STAR
from tests.pipelines.showing.explain.small_version import build as explained
from tests.pipelines.showing.portfolio.small_version import build as placed

pytestmark = pytest.mark.needs("browser")


def _findings(page: Page, *rules: str) -> list[str]:
    asked = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=asked).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['html'][:100]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def _in_every_language(page: Page) -> list[str]:
    found = []
    for language in languages():
        page.get_by_role("button", name=own_name(language)).click()
        found += [f"{language}: {each}" for each in _findings(page)]
    return found


ONE_SIDED = """update fct_criterion_score set raw_value = case criterion_id when 'gap' then 1 else 4 end
where ultimate_parent_id = 'K1' and axis = 'potential'"""
"""The same score from one criterion alone, so that other weights move somebody."""


def test_the_portfolio_page(tmp_path: Path, opened: Open) -> None:
    version = placed(tmp_path, crowd=False, extra=ONE_SIDED)
    page = opened(portfolio.write_page(version, tmp_path / "portfolio.html")).page
    for place, weight in ((1, "20"), (2, "80")):
        page.locator(f"#weight-customer-potential-{place}").fill(weight)
    page.locator("#todo-table .name").first.click()
    assert page.locator("#card").is_visible()
    assert page.locator("#tried-moves tbody tr").count() > 0
    assert _in_every_language(page) == []


def test_the_controllers_page(tmp_path: Path, opened: Open) -> None:
    page = opened(controlling.write_page(read_controlling(controlled(tmp_path)), tmp_path / "controlling.html")).page
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert _in_every_language(page) == []


@pytest.mark.parametrize("language", languages())
def test_the_customer_sheet(language: str, tmp_path: Path, opened: Open) -> None:
    page = opened(write_sheet(read_sheet(explained(tmp_path), STAR), Voice(language), tmp_path / "sheet.html")).page
    assert _findings(page) == []


SPOILT: dict[str, Callable[[Page], object]] = {
    "color-contrast": lambda page: page.add_style_tag(content=".lead { color: #bbb !important; }"),
    "label": lambda page: page.evaluate(
        "document.querySelector('input[type=number]').removeAttribute('aria-labelledby')"
    ),
}


def test_axe_sees_what_is_wrong(tmp_path: Path, opened: Open) -> None:
    page = opened(portfolio.write_page(placed(tmp_path, crowd=False), tmp_path / "portfolio.html")).page
    for spoil in SPOILT.values():
        spoil(page)
    found = _findings(page, *SPOILT)
    assert [rule for rule in SPOILT if not any(each.startswith(f"{rule}:") for each in found)] == []
