"""Which month is published, and what a question about the past leaves as it is: one small company, from deliveries to versions.

Two files a month, in folders of the day of their delivery; the second of them holds an invoice dated ahead.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode
from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company, digests

pytestmark = pytest.mark.slow

SOURCES = """
version: 1
company: small
root: ../deliveries
time_zone: Europe/Berlin
formats:
  plain: {kind: csv, delimiter: ",", encoding: utf-8, decimal: ".", date: yyyy-mm-dd, timestamp: "yyyy-mm-ddThh:mm:ss"}
files:
  customers: {path: "{date}/customers.csv", format: plain}
  lines: {path: "{date}/lines.csv", format: plain}
tables:
  customers:
    from: customers
    constants: {relationship_type: customer, currency_code: EUR}
  invoice_lines:
    from: lines
    constants: {line_no: "1", doc_type: invoice, company_id: "1", currency_code: EUR, revenue_deductions: "0.00", cogs: "10.00",
                product_group: goods}
"""
CUSTOMERS = "customer_id,customer_name\nK1,One\nK2,Two\n"
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]


def deliver(company: Company, day: str, *months: str, ahead: str | None = None) -> None:
    """All of these months, everything posted on the first, as an export by the month is."""
    folder = company.config.parent / "deliveries" / day
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{month}{customer},{month}-01,{customer},100.00" for month in months for customer in ("K1", "K2")]
    rows += [f"AHEAD,{ahead},K1,5.00"] if ahead is not None else []
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "lines.csv").write_text(
        "\n".join(["invoice_id,posting_date,customer_id,gross_list_amount", *rows, ""]), encoding="utf-8"
    )


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Two years, delivered early in January; one invoice is dated ahead."""
    folder = tmp_path_factory.mktemp("as_of")
    made = Company(config=folder / "config", home=folder / "home")
    made.config.mkdir()
    shutil.copy(REPOSITORY / "config" / "portfolio.yml", made.config)
    (made.config / "sources.yml").write_text(SOURCES, encoding="utf-8")
    deliver(made, "2025-12-03", *MONTHS[:-1])
    deliver(made, "2026-01-05", *MONTHS, ahead="2026-02-01")
    made.fork_and_succeed("run")
    return made


def manifest(version: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
    return read


def latest(version: Path) -> str:
    portfolio = f"read_parquet('{version}/bi/mart_portfolio.parquet')"
    ((day,),) = duckdb.sql(f"select max(as_of_date)::varchar from {portfolio}").fetchall()
    return str(day)


def test_an_invoice_dated_ahead_moves_nothing_and_a_month_of_first_days_is_there(company: Company) -> None:
    assert latest(company.current) == "2025-12-31"
    assert manifest(company.current)["why"] == ["first"]
    assert manifest(company.current)["open_months"] == []


def test_a_question_about_the_past_leaves_the_version_as_it_is(company: Company) -> None:
    current, published = company.current, digests(company.home / "published", "v*/**/*")
    page = (company.home / "reports" / "portfolio.html").read_bytes()
    said = company.fork_and_succeed("run", "--known-at", "2025-12-10")
    assert "question about the past" in said
    name = "2025-11-30_20251210T225959Z"
    answer = company.home / "published" / "asked" / name
    assert latest(answer) == "2025-11-30"
    assert manifest(answer)["why"] == ["asked"]
    assert duckdb.sql(f"select count(*) from read_parquet('{answer}/bi/mart_restatements.parquet')").fetchall() == [
        (0,)
    ]
    assert (company.home / "reports" / "asked" / f"{name}.html").is_file()
    assert company.current == current
    assert digests(company.home / "published", "v*/**/*") == published
    assert (company.home / "reports" / "portfolio.html").read_bytes() == page
    company.fork_and_succeed("verify", f"asked/{name}")
    company.fork_and_succeed("explain", "K1", "--version", f"asked/{name}")
    company.fork_and_succeed("pages", f"asked/{name}")
    pages = company.home / "reports" / "asked" / name
    assert (pages / "portfolio.html").read_bytes() == pages.with_suffix(".html").read_bytes()
    assert "30 Nov 2025" in (pages / "controlling.html").read_text(encoding="utf-8")
    company.fork_and_succeed("pages")
    for name_of_page in ("portfolio.html", "controlling.html", "controlling.de.xlsx"):
        written = company.home / "reports" / current.name / name_of_page
        assert written.read_bytes() == (company.home / "reports" / name_of_page).read_bytes()
    assert "VERSION_UNKNOWN" in company.fork("pages", "v99").stderr
    listed = company.fork_and_succeed("versions")
    assert f"asked/{name}" in listed and "(asked)" in listed and "(first version)" in listed
    assert "nothing has changed since" in company.fork_and_succeed("run")


def test_an_open_month_is_refused_unless_it_is_allowed_by_name_and_then_called_open(company: Company) -> None:
    current = company.current
    refused = company.fork("run", "--as-of", "2026-01-31")
    assert refused.returncode == ExitCode.USAGE, refused.stderr
    assert "OPEN_MONTH" in refused.stderr
    assert company.current == current

    said = company.fork_and_succeed("run", "--as-of", "2026-01-31", "--allow-open-month")
    assert "Open month" in said
    assert latest(company.current) == "2026-01-31"
    assert manifest(company.current)["open_months"] == ["2026-01-31"]
    assert "open month" in company.fork_and_succeed("explain", "K1")
    assert "open month" in (company.home / "reports" / "portfolio.html").read_text(encoding="utf-8").lower()

    # Nobody names it any more: it goes, and nobody asked about the past.
    company.fork_and_succeed("run")
    assert latest(company.current) == "2025-12-31"
    assert manifest(company.current)["why"] == ["other_months"]


def test_a_version_for_a_wrong_month_is_superseded_when_the_delivery_is_corrected(company: Company) -> None:
    """A delivery folder named after a day to come brings February; its correction takes it back."""
    deliver(company, "2026-03-02", *MONTHS, ahead="2026-02-20")
    company.fork_and_succeed("run")
    assert latest(company.current) == "2026-02-28"
    deliver(company, "2026-03-03", *MONTHS)
    company.fork_and_succeed("run")
    assert latest(company.current) == "2025-12-31"
    assert "new_delivery" in manifest(company.current)["why"]  # type: ignore[operator]
    with company.serving() as bi:
        shown = bi.execute("select max(as_of_date)::varchar, count(distinct as_of_date) from mart_portfolio").fetchall()
    assert shown == [("2025-12-31", 13)]


def test_the_past_is_published_on_purpose_only(company: Company) -> None:
    company.fork_and_succeed("run", "--as-of", "2025-11-30", "--publish")
    assert latest(company.current) == "2025-11-30"
    assert "asked" in manifest(company.current)["why"]  # type: ignore[operator]
