"""`kundenwert sheet customer` from options to files: the current version, where the sheet goes, what cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.commands.sheet_customer import write_customer_sheet
from pipelines.errors import ExitCode, KundenwertError
from pipelines.home import Home
from tests.orchestration.commands.test_explain import published
from tests.pipelines.showing.explain.small_version import LEAD, STAR

ODD_ID = "a/../ b"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    renamed = f"update mart_portfolio set ultimate_parent_id = '{ODD_ID}' where ultimate_parent_id = '010099'"
    return published(tmp_path_factory.mktemp("home"), extra=renamed)


def test_the_sheet_goes_where_it_is_asked_for_in_the_language_asked_for(home: Home, tmp_path: Path) -> None:
    (page,) = write_customer_sheet(home, "windkraft", " DE ", tmp_path / "new" / "sheet.html", pdf=False)
    assert page == tmp_path / "new" / "sheet.html"
    assert "Kundenblatt · Wunschkunde Windkraft" in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o777 == 0o600


def test_without_a_place_it_lies_with_the_reports_under_its_id_and_language(home: Home) -> None:
    (page,) = write_customer_sheet(home, STAR, "en", None, pdf=False)
    assert page == home.reports.resolve() / "sheets" / f"customer_{STAR}_en.html"
    (odd,) = write_customer_sheet(home, ODD_ID, "en", None, pdf=False)
    assert odd == home.reports.resolve() / "sheets" / "customer_a%2F..%2F%20b_en.html"


@pytest.mark.parametrize(
    ("customer", "language", "code"), [("nobody", "en", "CUSTOMER_UNKNOWN"), (LEAD, "xx", "LANGUAGE_UNKNOWN")]
)
def test_what_cannot_be_written_ends_with_its_code(
    home: Home, tmp_path: Path, customer: str, language: str, code: str
) -> None:
    with pytest.raises(KundenwertError) as caught:
        write_customer_sheet(home, customer, language, tmp_path / "sheet.html", pdf=False)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.exit_code in (ExitCode.USAGE, ExitCode.CONFIG)
    assert not (tmp_path / "sheet.html").exists()


def test_before_the_first_run_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(KundenwertError) as caught:
        write_customer_sheet(Home.at(tmp_path), STAR, "en", None, pdf=False)
    assert [problem.code for problem in caught.value.problems] == ["NOTHING_PUBLISHED"]


@pytest.mark.needs("browser")
def test_a_pdf_lies_beside_the_page(home: Home, tmp_path: Path) -> None:
    written = write_customer_sheet(home, LEAD, "en", tmp_path / "sheet.pdf", pdf=True)
    assert written == (tmp_path / "sheet.html", tmp_path / "sheet.pdf")
    assert written[1].read_bytes().startswith(b"%PDF-")
