"""The page without a browser: words in both languages, number formats, the same bytes for the same version."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.contracts import load_contracts
from pipelines.errors import VerifyError
from pipelines.home import Home
from pipelines.settings.portfolio import ACCOUNT_GROUPS
from pipelines.settings.workspace import open_workspace
from pipelines.showing.portfolio import texts, wording
from pipelines.showing.portfolio.page import TEMPLATES, PageContext, write_page
from pipelines.showing.portfolio.texts import SCRIPT_PLACES, TEXTS
from tests.pipelines.showing.portfolio.small_version import REPOSITORY, build

CODES = (
    *("zone", "zone_status", "reason", "action_reason", "customer_type", "axis", "quadrant", "status"),
    *("account_group", "source", "abc", "tiles", "quality", "ledger"),
)
"""Places whose keys the page composes from a code."""


def test_every_text_says_the_same_in_both_languages() -> None:
    places = {
        key: tuple(set(re.findall(r"\{(\w+)\}", words)) for words in (text.de, text.en)) for key, text in TEXTS.items()
    }
    assert [key for key, (german, english) in places.items() if german != english] == []
    assert [key for key, text in TEXTS.items() if not text.de or not text.en] == []
    assert [key for key, text in TEXTS.items() if text.de != text.de.strip() or text.en != text.en.strip()] == []


def test_every_key_exists_and_is_used() -> None:
    sources = [*TEMPLATES.iterdir(), Path(texts.__file__).with_name("page.py")]
    written = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    asked = set(re.findall(r"(?:say|text|line|cell)\((?:facts, )?\"([a-z_]+\.[a-z_0-9]+)\"", written))
    assert {key for key in asked if not key.endswith("_")} - TEXTS.keys() == set()
    literal = set(re.findall(r"\"([a-z_]+\.[a-z_0-9]+)\"", written))
    composed = {key for key in TEXTS if key.split(".")[0] in CODES}
    units = {"chart.million", "chart.thousand", "chart.billion"}
    assert TEXTS.keys() - literal - composed - units == set()


def test_the_script_gets_every_place_it_asks_for() -> None:
    script = (TEMPLATES / "portfolio.js").read_text(encoding="utf-8")
    asked = set(re.findall(r"\b(?:say|text|code|line)\((?:facts, )?[\"`]([a-z_]+)", script))
    assert asked - set(SCRIPT_PLACES) == set()


def test_every_source_and_account_group_has_a_name() -> None:
    assert {f"source.{table}" for table in load_contracts()} <= TEXTS.keys()
    assert {f"account_group.{group}" for group in ACCOUNT_GROUPS} <= TEXTS.keys()


@pytest.mark.parametrize(
    ("value", "digits", "german", "english"),
    [
        ("1234567", 0, "1.234.567", "1,234,567"),
        ("-1234.565", 2, "−1.234,57", "−1,234.57"),
        ("0.5", 0, "1", "1"),
        ("-0.4", 0, "0", "0"),
        ("999.95", 1, "1.000,0", "1,000.0"),
    ],
)
def test_numbers_are_written_as_the_language_does(value: str, digits: int, german: str, english: str) -> None:
    assert wording.number(Decimal(value), digits) == wording.Text(german, english)


def test_dates_ratios_and_unknowns() -> None:
    assert wording.day(date(2026, 9, 3)) == wording.Text("03.09.2026", "3\u00a0Sep\u00a02026")
    assert wording.moment(datetime(2026, 9, 3, 4, 5, tzinfo=UTC)).de == "03.09.2026, 04:05 UTC"
    assert wording.month("2026-02") == wording.Text("02/2026", "Feb\u00a02026")
    assert wording.percent(Decimal("0.1234")) == wording.Text("12,3\u00a0%", "12.3%")
    assert wording.money(None, "EUR") == wording.percent(None) == wording.same("–")


def test_the_same_version_gives_the_same_bytes(tmp_path: Path) -> None:
    version = build(tmp_path)
    first = write_page(version, tmp_path / "a.html").read_bytes()
    again = write_page(build(tmp_path / "again"), tmp_path / "b.html").read_bytes()
    assert first == again
    changed = build(tmp_path / "changed", extra="update mart_portfolio set net_revenue = net_revenue + 1")
    assert write_page(changed, tmp_path / "c.html").read_bytes() != first


def test_the_page_is_one_file_for_its_owner(tmp_path: Path) -> None:
    target = write_page(build(tmp_path, crowd=False), tmp_path / "reports" / "portfolio.html")
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.stat().st_size < 6_000_000
    assert [path.name for path in target.parent.iterdir()] == ["portfolio.html"]
    head = target.read_text(encoding="utf-8").split("<script", 1)[0]
    assert not re.search(r"(?:src|href)=\"(?!data:)", head)


def test_what_is_no_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="MANIFEST_MISSING"):
        write_page(tmp_path, tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_the_configuration_gives_titles_and_threshold(tmp_path: Path) -> None:
    context = PageContext.of(open_workspace(REPOSITORY / "config", Home.at(tmp_path)))
    assert context.criteria["payment"] == wording.Text("Zahlungsmoral", "Payment morale")
    assert context.threshold == 50
    assert context.company
