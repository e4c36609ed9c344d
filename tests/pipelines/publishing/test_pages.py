"""Pages lie in their version: reports/ follows CURRENT, verify compares them, a changed page is no reason for a new number."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import VerifyError
from pipelines.home import Home
from pipelines.publishing import layout, pages, publish, rollback, verify, versions
from tests.pipelines.publishing.samples import FACTS, fill, published_tables


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.at(tmp_path / "home")
    fill(made, rows=20)
    return made


def drawing(text: str, name: str = "portfolio.html") -> Callable[[Path], None]:
    def draw(version: Path) -> None:
        folder = pages.folder_of(version)
        folder.mkdir(mode=0o700)
        (folder / name).write_text(text, encoding="utf-8")
        pages.take(version, "portfolio", text, [folder / name])

    return draw


def version(home: Home, release: str, draw: Callable[[Path], None] | None = None) -> int:
    facts = FACTS.model_copy(update={"project_version": release})
    return publish(home, published_tables(home), facts, draw=draw or drawing(release)).number


def codes(home: Home) -> list[tuple[str, str]]:
    with pytest.raises(VerifyError) as caught:
        verify(home)
    return [(problem.code, problem.where) for problem in caught.value.problems]


def test_the_page_is_that_of_the_version_current_names(home: Home, tmp_path: Path) -> None:
    version(home, "1")
    assert home.portfolio_page.read_text() == "1"
    version(home, "2")
    assert home.portfolio_page.read_text() == "2"
    layout.point_to(home, 1)
    assert home.portfolio_page.read_text() == "1", "in the same instant: nothing else has to be written"
    rollback(home, 2)
    assert home.portfolio_page.read_text() == "2"
    assert home.portfolio_page.resolve().parent.stat().st_mode & 0o077 == 0
    moved = tmp_path / "moved"
    home.root.rename(moved)
    assert Home.at(moved).portfolio_page.read_text() == "2"


def test_a_version_without_that_page_shows_none(home: Home) -> None:
    version(home, "1", drawing("1", "other.html"))
    version(home, "2")
    rollback(home, 1)
    assert [path.name for path in home.reports.iterdir()] == ["other.html"], "never the page of another version"


def test_a_page_of_an_earlier_release_gives_way(home: Home) -> None:
    home.portfolio_page.write_text("written beside the versions")
    version(home, "1")
    assert home.portfolio_page.is_symlink() and home.portfolio_page.read_text() == "1"


def test_a_page_that_cannot_be_drawn_publishes_nothing(home: Home) -> None:
    version(home, "1")

    def fails(_: Path) -> None:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        version(home, "2", fails)
    assert [each.number for each in versions(home)] == [1] and home.portfolio_page.read_text() == "1"


def test_verify_compares_the_pages_and_a_changed_one_makes_no_version(home: Home) -> None:
    version(home, "1")
    assert verify(home).files == 8, "seven and the page"
    page = pages.folder_of(home.current) / "portfolio.html"
    page.write_text("2")
    assert codes(home) == [("FILE_ALTERED", "v000001/pages/portfolio.html")]
    assert not pages.are_made(home.current, "portfolio", "1")
    assert version(home, "1") == 1
    page.unlink()
    assert codes(home) == [("FILE_MISSING", "v000001/pages/portfolio.html")]
    page.write_text("1")
    assert verify(home) and pages.are_made(home.current, "portfolio", "1")
    page.with_name("more.html").write_text("")
    assert codes(home) == [("FILE_EXTRA", "v000001/pages/more.html")]
    shutil.rmtree(page.parent)
    assert verify(home).files == 7, "an earlier release's version"
    (page.parent).mkdir()
    page.write_text("1")
    assert {code for code, _ in codes(home)} == {"FILE_EXTRA"}, "pages without their list belong to nobody"
