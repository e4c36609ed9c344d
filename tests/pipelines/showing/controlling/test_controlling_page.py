"""The controllers' page in a real browser: read, unfolded and printed at every width, in both languages, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.showing.conftest import Open
from tests.pipelines.showing.controlling.conftest import CONTEXT, Made
from tests.pipelines.showing.portfolio import conftest as portfolio

pytestmark = pytest.mark.needs("browser")

LAYOUT = Path(portfolio.__file__).with_name("layout.js").read_text(encoding="utf-8")
FOLDED = (
    """document.querySelectorAll('details:not([open]) > :not(summary)').forEach((each) => { each.hidden = true; })"""
)
"""What is folded has a place all the same, as the layout is asked."""
UNFOLD = """
    document.querySelectorAll('details > [hidden]').forEach((each) => { each.hidden = false; });
    document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
"""


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
@pytest.mark.parametrize("width", [1440, 768, 390])
@pytest.mark.parametrize("page_name", ["made", "bare"])
def test_nothing_is_cut_or_overlaps(
    page_name: str, width: int, locale: str, opened: Open, request: pytest.FixtureRequest
) -> None:
    seen = opened(request.getfixturevalue(page_name).page, width=width, locale=locale)
    page = seen.page
    for folding in (FOLDED, UNFOLD):
        page.evaluate(folding)
        found = page.evaluate(LAYOUT)
        assert found["found"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("html").get_attribute("lang") == locale[:2]
    assert (seen.complaints, seen.requests) == ([], [])


def test_a_dark_page_is_dark_and_paper_is_white(made: Made, opened: Open) -> None:
    page = opened(made.page).page
    ground = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]"
    assert page.evaluate(ground) > 200
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) < 60
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(ground) == 255
    ink = "getComputedStyle(document.querySelector('h1')).color.match(/\\d+/g).map(Number)[0]"
    assert page.evaluate(ink) < 60


def test_on_paper_everything_is_unfolded(made: Made, opened: Open) -> None:
    page = opened(made.page, locale="de-DE").page
    closed = page.locator("details:not([open])").count()
    assert closed > 5
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.emulate_media(media="print")
    assert page.locator(".languages").is_hidden()
    assert page.evaluate(LAYOUT)["found"] == []
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == closed


def test_the_most_urgent_leads_to_its_rows_by_keyboard(made: Made, opened: Open) -> None:
    page = opened(made.page).page
    urgent = page.locator("#urgent li")
    assert [each.get_attribute("data-urgent") for each in urgent.all()] == ["source", "waiver", "set_aside"]
    link = urgent.nth(2).get_by_role("link")
    link.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#months")
    fold = page.locator("#months details summary", has_text="Aug 2026")
    fold.focus()
    page.keyboard.press("Enter")
    row = page.locator("#months details[open] tbody tr", has_text="A field that must be filled is empty.")
    assert row.is_visible()
    assert "+lines.csv, lines 7 to 9" in row.inner_text()


def test_languages_change_without_reload(made: Made, opened: Open) -> None:
    page = opened(made.page, locale="de-AT").page
    assert page.locator("#ledger-heading").inner_text() == "Abgleich mit dem Hauptbuch"
    page.get_by_role("button", name="English").click()
    assert page.locator("#ledger-heading").inner_text() == "Against the general ledger"
    assert page.title() == f"Controlling · {CONTEXT.company}"
    assert page.locator(".company").inner_text() == CONTEXT.company


def test_without_scripts_the_page_is_whole(made: Made, opened: Open) -> None:
    page = opened(made.page, locale="de-DE", runs=False).page
    assert page.locator("#ledger-heading").inner_text() == "Against the general ledger"
    assert page.locator(".languages").is_hidden()
    assert page.locator(".unfold button:visible").count() == 0
    page.locator("#ledger summary").first.click()
    assert page.locator("#ledger details[open] tbody tr").first.is_visible()
