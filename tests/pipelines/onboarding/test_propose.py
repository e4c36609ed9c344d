"""What is what: tables and columns by name and content; what nobody can know is asked, never taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import duck
from pipelines.contracts import load_contracts
from pipelines.onboarding import names
from pipelines.onboarding.look import look
from pipelines.onboarding.propose import Proposal, TableProposal, propose
from tests.pipelines.onboarding import exports


def proposed(directory: Path, work: Path, **answers: str) -> Proposal:
    given = {key.replace("__", "."): value for key, value in answers.items()}
    with duck.memory() as connection:
        seen = look([directory], connection, work, given)
        return propose(seen, load_contracts(), connection, given)


def table(proposal: Proposal, name: str) -> TableProposal:
    return next(each for each in proposal.tables if each.table == name)


def said(proposal: Proposal, name: str) -> dict[str, object]:
    return {column: value.value for column, value in table(proposal, name).columns.items()}


def keys(proposal: Proposal) -> set[str]:
    return {doubt.key for doubt in proposal.doubts}


def test_two_german_files(tmp_path: Path) -> None:
    proposal = proposed(exports.two_files(tmp_path / "exports"), tmp_path / "work")
    assert said(proposal, "customers") == {"customer_id": "Kd.-Nr.", "customer_name": "Firma", "country_code": "Land"}
    lines = said(proposal, "invoice_lines")
    assert lines["customer_id"] == "Kd.-Nr."
    assert lines["gross_list_amount"] == "Nettobetrag"
    assert lines["line_no"] == {"number_within": ["invoice_id"]}
    assert "starts_with" in str(lines["doc_type"])
    assert "cogs" not in lines
    assert proposal.preset == "erp_only"
    assert keys(proposal) == {"currency", "delivered"}
    forms = {source.name: source.format for source in proposal.look.sources}
    assert forms["umsatz_2024"]["thousands"] == "."
    assert forms["kundenliste"]["encoding"] == "windows-1252"


def test_a_file_a_day_without_customers(tmp_path: Path) -> None:
    proposal = proposed(exports.day_files(tmp_path / "by-day"), tmp_path / "work", currency="gbp")
    (source,) = proposal.look.sources
    assert (source.path, len(source.files)) == ("*.csv", 7)
    assert table(proposal, "customers").distinct
    lines = said(proposal, "invoice_lines")
    assert "[.]0$" in str(lines["customer_id"])
    assert "no customer" in str(lines["customer_id"])
    assert "split_part" in str(lines["posting_date"])
    assert lines["gross_list_amount"] == {"expr": '"Quantity" * "UnitPrice"', "round": 2}
    assert proposal.typed == {"by_day": {"Quantity": "number", "UnitPrice": "number"}}
    assert proposal.currency == "GBP"


def test_days_and_customers_of_lines_stand_in_their_documents(tmp_path: Path) -> None:
    proposal = proposed(exports.header_and_lines(tmp_path / "erp"), tmp_path / "work")
    lines = said(proposal, "invoice_lines")
    assert lines["posting_date"] == {
        "lookup": {"file": "orders", "key": "orderNumber", "in": "orderNumber", "value": "orderDate"}
    }
    assert "lookup" in str(lines["customer_id"])
    assert lines["line_no"] == "orderLineNumber"
    assert any("Cancelled" in note for note in table(proposal, "invoice_lines").notes)
    assert said(proposal, "products")["product_group"] == "productLine"
    assert "cost.buyPrice" in keys(proposal)
    answered = proposed(tmp_path / "erp", tmp_path / "again", cost__buyPrice="yes")
    assert said(answered, "invoice_lines")["cogs"] == {"expr": '"quantityOrdered" * unit_cost', "round": 2}


@pytest.mark.parametrize(
    ("header", "row", "key"),
    [
        ("Beleg;Datum;Kunde;Betrag", "R1;01.02.2024;100;1.234", "decimal.lines"),
        ("Beleg;Datum;Kunde;Betrag", "R1;03/04/2024;100;1.234,50", "day_order.lines"),
        ("Beleg;Datum;Kunde;Brutto", "R1;01.02.2024;100;1.234,50", "tax.Brutto"),
    ],
)
def test_what_the_files_do_not_tell_is_asked_and_left_open(tmp_path: Path, header: str, row: str, key: str) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "lines.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    proposal = proposed(tmp_path / "exports", tmp_path / "work")
    assert key in keys(proposal)
    (source,) = proposal.look.sources
    if key.startswith("decimal"):
        assert source.format["decimal"] is None
    elif key.startswith("day"):
        assert source.format["date"] is None
    else:
        assert "gross_list_amount" in table(proposal, "invoice_lines").left


def test_a_day_behind_the_twelfth_tells_the_order(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    text = "Invoice No,Invoice Date,Customer No,Amount\nR1,03/04/2024,100,1.50\nR2,03/25/2024,100,1.50\n"
    (tmp_path / "exports" / "lines.csv").write_text(text, encoding="utf-8")
    proposal = proposed(tmp_path / "exports", tmp_path / "work")
    assert proposal.look.sources[0].format["date"] == "mm/dd/yyyy"
    assert not any(key.startswith("day_order") for key in keys(proposal))


def test_kinds_of_documents_are_translated_where_they_are_known(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    rows = "Beleg;Belegart;Datum;Kunde;Betrag\nR1;Rechnung;01.02.2024;100;1,50\nG1;Gutschrift;02.02.2024;100;-1,50\n"
    (tmp_path / "exports" / "lines.csv").write_text(rows, encoding="utf-8")
    lines = table(proposed(tmp_path / "exports", tmp_path / "work"), "invoice_lines")
    assert lines.values["doc_type"] == {"Rechnung": "invoice", "Gutschrift": "credit_note"}
    (tmp_path / "exports" / "lines.csv").write_text(rows.replace("Gutschrift", "Sonderfall 7"), encoding="utf-8")
    lines = table(proposed(tmp_path / "exports", tmp_path / "again"), "invoice_lines")
    assert "doc_type" not in lines.values
    assert any("Sonderfall 7" in note for note in lines.notes)


@pytest.mark.parametrize(
    ("headers", "system"),
    [
        ("VBELN POSNR FKIMG NETWR WAVWR MATNR", "sap"),
        ("accountid _ownerid_value activityid actualstart createdon", "dynamics"),
        ("Beleg Datum Kunde Artikel Menge Betrag", None),
        ("Id Name Type Amount CreatedDate", None),
    ],
)
def test_a_system_is_known_by_names_only_it_has(headers: str, system: str | None) -> None:
    assert names.system_of(headers.split()) == system


def test_an_open_opportunity_is_not_closed_on_the_day_it_is_expected_to_close(tmp_path: Path) -> None:
    text = "Id,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate\n"
    rows = (
        f"006{n},001{n},Deal {n},Stage {n},{n}00.50,2026-0{n}-15,{n == 1},{n == 1},2025-0{n}-15" for n in range(1, 5)
    )
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "Opportunity.csv").write_text(text + "\n".join(rows).lower() + "\n", encoding="utf-8")
    found = said(proposed(tmp_path / "exports", tmp_path / "work"), "opportunities")
    assert found["closed_on"] == {"expr": 'case when "IsClosed" then "CloseDate" end'}
    assert found["is_won"] == {"expr": 'case when "IsClosed" then "IsWon" end'}
    without = text.replace(",IsClosed", "") + "006,001,Deal,Stage,1.50,2026-01-15,true,2025-01-15\n"
    (tmp_path / "exports" / "Opportunity.csv").write_text(without, encoding="utf-8")
    proposal = proposed(tmp_path / "exports", tmp_path / "again")
    assert "closed_on" not in said(proposal, "opportunities")
    assert any("expected to close" in note for note in table(proposal, "opportunities").notes)


def test_a_currency_that_is_empty_is_the_companys_own(tmp_path: Path) -> None:
    """Seen: the few foreign lines of an ERP that leaves its own currency empty named the currency of the company."""
    rows = "".join(f"R{n};0{n}.02.2024;100;{n}.234,50;{'CHF' if n == 3 else ''}\n" for n in range(1, 8))
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "lines.csv").write_text("Beleg;Datum;Kunde;Betrag;Währung\n" + rows, encoding="utf-8")
    assert "currency" in keys(proposed(tmp_path / "exports", tmp_path / "work"))
    answered = said(proposed(tmp_path / "exports", tmp_path / "again", currency="eur"), "invoice_lines")
    assert answered["currency_code"] == {"expr": "coalesce(nullif(\"Währung\", ''), 'EUR')"}


def test_files_that_belong_together_are_named(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    for name, sign in (("invoices", ""), ("credits", "-")):
        rows = "".join(f"{name}{n};{n};0{n}.02.2024;100;{sign}{n}.234,50\n" for n in range(1, 8))
        text = f"Beleg;Pos;Datum;Kunde;Betrag{';Grund' if sign else ''}\n" + (
            rows.replace("\n", ";x\n") if sign else rows
        )
        (tmp_path / "exports" / f"{name}.csv").write_text(text, encoding="utf-8")
    notes = table(proposed(tmp_path / "exports", tmp_path / "work"), "invoice_lines").notes
    assert any(note.endswith("both in one path: {invoices,credits}.csv") for note in notes), notes


def test_every_name_is_of_a_column_there_is() -> None:
    contracts = load_contracts()
    for each in names.tables():
        contract = contracts["invoice_lines" if each == "invoice_headers" else each]
        known = {column.name for column in contract.columns}
        for column in names.columns(each):
            assert column.startswith("(") or column in known, (each, column)
            for who in names.of_column(each, column).values():
                assert all(names.system_name(system) for system in who.ranks)
        assert set(names.core(each)) <= set(names.columns(each))
