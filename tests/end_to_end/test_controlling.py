"""A controller on Monday: what is wrong with the demo's deliveries is found from the page alone, and its sums are the marts'.

Belongs here: the page and the workbook of the demo, as a run leaves them. Not here: how they are made (pipelines.showing.controlling).
"""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
from python_calamine import CalamineWorkbook

from tests.end_to_end.demo import demo_published
from tests.end_to_end.kundenwert import Company

PLANTED = (
    # source, what a controller reads, the field, the place
    (
        "invoice lines",
        "The same row came twice; one was kept.",
        "company_id+invoice_id+line_no",
        "Rechnungspositionen_",
    ),
    ("invoice lines", "A field that must be filled is empty.", "customer_id", "Rechnungspositionen_"),
    ("invoice lines", "A value is none of those the column may hold.", "doc_type", "Rechnungspositionen_"),
    ("invoice lines", "A number is not written as declared.", "quantity", "Rechnungspositionen_"),
    ("orders", "The calendar has no such day.", "order_date", "Auftraege.csv, line"),
    ("orders", "A record has more or fewer fields than the header.", "", "Auftraege.csv, line"),
    ("orders", "A value is none of those the column may hold.", "channel", "Auftraege.csv, line"),
    ("open items", "A date is not written as declared.", "due_date", "Offene_Posten.csv, line"),
    ("customer master", "A field that must be filled is empty.", "customer_name", "Kundenstamm.csv, line"),
    ("customer master", "A number is not written as declared.", "credit_index", "Kundenstamm.csv, line"),
    ("contacts", "Rows with the same key say different things; none was loaded.", "contact_key", "Ansprechpartner.csv"),
    ("sales activities", "The calendar has no such day.", "activity_at", "Aktivitaeten.csv, line"),
    ("opportunities", "A value is neither true nor false as declared.", "is_won", "Chancen.csv, line"),
    ("products", "A value is none of those the column may hold.", "offering_level", "Artikelstamm.csv, line"),
    ("ratings", "A number has more decimal places than its column holds.", "level", "Bewertungen.csv, line"),
    (
        "estimates of demand",
        "A number is outside the limits of its column.",
        "achievable_share",
        "Bedarfsschaetzungen.csv",
    ),
    (
        "zones set by hand",
        "A value is none of those the column may hold.",
        "override_zone",
        "Zonenvorgaben.csv, line 4",
    ),
)

DOUBTS = (
    "Activities without a duration",
    "Activities dated in the future",
    "Activities entered in bursts by people who keep doing so",
    "Visits that began before another visit of the same person was over",
    "Customers in protection without any contact in 12 months",
    "Weeks for which a whole team entered nothing",
    "Invoice lines of customers nobody knows",
    "Credit notes that name no invoice",
    "Product groups bought for clearly more than the estimated demand",
    "Ratings in use that are too old",
    "Ratings of sittings in which every criterion got the same level",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return demo_published(tmp_path_factory)


def english(html: str) -> str:
    """What a reader of English sees of a piece of the page: tags are spaces."""
    spoken = re.sub(r'<span lang="de">.*?</span>', "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", spoken)).split())


def section(html: str, name: str) -> str:
    return html.partition(f'<section class="panel" id="{name}"')[2].partition("</section>")[0]


@pytest.mark.slow
def test_the_planted_faults_are_found_from_the_page_alone(demo: Company) -> None:
    html = (demo.home / "reports" / "controlling.html").read_text(encoding="utf-8")
    folds = {
        english(fold.partition("</b>")[0]): [english(row) for row in re.findall(r"<tr.*?</tr>", fold, re.DOTALL)]
        for fold in re.findall(r"<summary>(.*?)</details>", section(html, "reasons"), re.DOTALL)
    }
    missed = [
        fault for fault in PLANTED if not any(all(part in row for part in fault[1:]) for row in folds.get(fault[0], ()))
    ]
    assert missed == []
    doubts = english(section(html, "doubts"))
    assert [each for each in DOUBTS if each not in doubts] == []
    urgent = english(html.partition('id="urgent"')[2].partition("</section>")[0])
    assert "rows of invoice lines in quarantine" in urgent


@pytest.mark.slow
def test_every_fault_the_version_knows_is_on_the_page(demo: Company) -> None:
    """As many rows as are in quarantine, as many values as were left empty; no fault is shortened away."""
    html = (demo.home / "reports" / "controlling.html").read_text(encoding="utf-8")
    told = re.findall(r"rows set aside: ([\d,]+); values left empty: ([\d,]+)", section(html, "reasons"))
    with demo.serving("controlling") as controlling:
        quarantined = controlling.execute("select count(*) from quarantined_rows").fetchone()
        unreadable = controlling.execute("select count(*) from unreadable_values").fetchone()
    assert (sum(int(rows) for rows, _ in told),) == quarantined
    assert (sum(int(values) for _, values in told),) == unreadable


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_workbook_adds_up_to_the_marts(demo: Company, language: str) -> None:
    book = CalamineWorkbook.from_path(str(demo.home / "reports" / f"controlling.{language}.xlsx"))
    ledger = book.get_sheet_by_name({"en": "Ledger", "de": "Hauptbuch"}[language]).to_python()
    with demo.serving() as bi:
        row = bi.execute(
            """select sum(customers), sum(leads), sum(intercompany), sum(unassigned_unknown_customer),
            sum(unassigned_missing_cost_centre), sum(quarantined), sum(unused_capacity), sum(total), sum(ledger),
            sum(difference) from mart_reconciliation"""
        ).fetchone()
    sums = tuple(sum((Decimal(str(line[place])) for line in ledger[1:]), Decimal(0)) for place in range(3, 13))
    assert tuple(each.quantize(Decimal("0.01")) for each in sums) == row


@pytest.mark.slow
def test_delivered_revenue_is_in_the_marts_or_set_aside_in_every_month(demo: Company) -> None:
    book = CalamineWorkbook.from_path(str(demo.home / "reports" / "controlling.en.xlsx"))
    months = book.get_sheet_by_name("Months").to_python()
    assert len(months) == 41
    assert {row[5] for row in months[1:]} == {0.0}
    assert any(row[4] for row in months[1:])
