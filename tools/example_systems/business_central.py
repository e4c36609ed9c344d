"""Business Central: one workbook a list, as "Open in Excel" saves it, named like the table.

Belongs here: Customer, posted sales invoices and credit memos with their lines, customer ledger entries, general ledger entries. Credit
memos have amounts without a sign; ledger entries have one. A cancelled invoice is one with a corrective credit memo. Local currency is an
empty code; the currency factor is the units for one of the local currency.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter

from tools.example_systems import business
from tools.example_systems.business import CUSTOMERS, DOCUMENTS, EUROS_PER, Document
from tools.example_systems.written import Row

SAVED: Final = datetime(2026, 1, 5, 6, 0)  # noqa: DTZ001 - a property of a workbook has no zone
ACCOUNTS: Final = {"domestic": "8400", "union": "8125", "export": "8120", "cost_of_goods": "7110"}
POSTING_GROUPS: Final = {"domestic": "NATIONAL", "union": "EU", "export": "AUSLAND"}


def files() -> dict[str, bytes]:
    """File name -> what is in it."""
    taken_back = [doc for doc in DOCUMENTS if doc.kind != "invoice"]
    invoices = [doc for doc in DOCUMENTS if doc.kind == "invoice"]
    return {
        "Customer.xlsx": _workbook("Debitoren", _customers()),
        "Sales Invoice Header.xlsx": _workbook("Geb. Verkaufsrechnungen", _headers(invoices)),
        "Sales Invoice Line.xlsx": _workbook("Geb. Verkaufsrechnungszeilen", _lines(invoices)),
        "Sales Cr.Memo Header.xlsx": _workbook("Geb. Verkaufsgutschriften", _headers(taken_back)),
        "Sales Cr.Memo Line.xlsx": _workbook("Geb. Verkaufsgutschriftszeilen", _lines(taken_back)),
        "Cust. Ledger Entry.xlsx": _workbook("Debitorenposten", _customer_entries()),
        "G_L Entry.xlsx": _workbook("Sachposten", _ledger_entries()),
    }


def _workbook(sheet: str, rows: Iterator[Row]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        book.set_properties({"created": SAVED})
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, cell)
    return content.getvalue()


def number(doc: Document) -> str:
    """The document's number in its series."""
    return f"{103000 + doc.position}" if doc.kind == "invoice" else f"104{doc.position:03}"


def _customers() -> Iterator[Row]:
    yield [
        "No.", "Name", "Address", "City", "Post Code", "Country/Region Code", "Territory Code", "Salesperson Code", "Currency Code",
        "Payment Terms Code", "Credit Limit (LCY)", "Customer Posting Group", "Blocked",
    ]  # fmt: skip
    for customer in CUSTOMERS:
        currency = "" if customer.currency == "EUR" else customer.currency
        yield [
            str(customer.number), customer.name, "", customer.city, customer.postal_code, customer.country, "", "PS", currency,
            "30 TAGE", 30000, POSTING_GROUPS[customer.revenue_kind], "",
        ]  # fmt: skip


def _headers(documents: list[Document]) -> Iterator[Row]:
    yield [
        "No.", "Sell-to Customer No.", "Bill-to Customer No.", "Posting Date", "Document Date", "Due Date", "Currency Code",
        "Currency Factor", "Salesperson Code", "Amount", "Amount Including VAT",
    ]  # fmt: skip
    for doc in documents:
        customer = str(doc.customer.number)
        yield [
            number(doc), customer, customer, doc.day, doc.day, doc.due, *_currency(doc), "PS", abs(doc.net), abs(doc.net + doc.tax),
        ]  # fmt: skip


def _currency(doc: Document) -> Row:
    """Code and factor; for the local currency nothing and 0."""
    if doc.customer.currency == "EUR":
        return ["", 0]
    return [doc.customer.currency, round(1 / EUROS_PER[doc.customer.currency], 14)]


def _lines(documents: list[Document]) -> Iterator[Row]:
    """Items, and a line of text without anything in it for each document. `Amount` is what is left after all discounts, without tax."""
    yield [
        "Document No.", "Line No.", "Sell-to Customer No.", "Bill-to Customer No.", "Type", "No.", "Description",
        "Item Category Code", "Posting Date", "Quantity", "Unit of Measure", "Unit Price", "Unit Cost (LCY)", "Unit Cost",
        "Line Discount %", "Line Discount Amount", "Inv. Discount Amount", "VAT %", "Amount", "Amount Including VAT",
    ]  # fmt: skip
    for doc in documents:
        customer, percent = str(doc.customer.number), doc.customer.tax
        head = [number(doc), 10000, customer, customer]
        yield [*head, " ", "", f"Auftrag {1000 + doc.position}", "", doc.day, *[0] * 1, "", *[0] * 9]
        for place, line in enumerate(doc.lines, 2):
            unit_cost = line.product.cost[doc.customer.currency]
            yield [
                number(doc), place * 10000, customer, customer, "Item", line.product.number, line.product.name,
                line.product.group.upper(), doc.day, abs(line.quantity), "STÜCK", line.product.price[doc.customer.currency],
                business.in_euros(unit_cost, line.rate), unit_cost, line.discount_percent, abs(line.deduction), 0,
                int(percent * 100), abs(line.net), abs(line.net) + business.rounded(abs(line.net) * percent),
            ]  # fmt: skip


def _customer_entries() -> Iterator[Row]:
    """Invoices, credit memos and payments; `Sales (LCY)` is the amount without tax."""
    yield [
        "Entry No.", "Customer No.", "Posting Date", "Document Type", "Document No.", "Description", "Currency Code",
        "Original Amount", "Amount", "Remaining Amount", "Amount (LCY)", "Remaining Amt. (LCY)", "Sales (LCY)", "Due Date", "Open",
        "Closed at Date",
    ]  # fmt: skip
    entry = 0
    for doc in DOCUMENTS:
        entry += 1
        gross, is_open = doc.net + doc.tax, doc.paid is None
        kind = "Invoice" if doc.kind == "invoice" else "Credit Memo"
        yield [
            entry, str(doc.customer.number), doc.day, kind, number(doc), f"{kind} {number(doc)}", _currency(doc)[0], gross, gross,
            gross if is_open else 0, doc.local_gross, doc.local_gross if is_open else 0, doc.local_net, doc.due, is_open, doc.paid,
        ]  # fmt: skip
    for doc, paid in business.payments():
        entry += 1
        gross = -(doc.net + doc.tax)
        kind = "Payment" if doc.sign > 0 else "Refund"
        yield [
            entry, str(doc.customer.number), paid, kind, f"Z{doc.position:05}", f"{kind} {number(doc)}", _currency(doc)[0], gross,
            gross, 0, -doc.local_gross, 0, 0, paid, False, paid,
        ]  # fmt: skip


def _ledger_entries() -> Iterator[Row]:
    """Debits are positive, credits negative, in the local currency."""
    yield ["Entry No.", "G/L Account No.", "Posting Date", "Document Type", "Document No.", "Description", "Amount"]
    for entry, (day, account, doc, amount) in enumerate(_postings(), 1):
        kind = "Invoice" if doc.kind == "invoice" else "Credit Memo"
        yield [entry, account, day, kind, number(doc), f"{kind} {number(doc)}", amount]


def _postings() -> Iterator[tuple[date, str, Document, Decimal]]:
    for booked in business.ledger():
        if booked.account == "cost_of_goods":
            yield booked.day, ACCOUNTS[booked.account], booked.document, booked.amount
            yield booked.day, "2110", booked.document, -booked.amount
        else:
            yield booked.day, ACCOUNTS[booked.account], booked.document, -booked.amount
            yield booked.day, "1400", booked.document, booked.document.local_gross
            if booked.document.local_tax:
                yield booked.day, "1776", booked.document, -booked.document.local_tax
