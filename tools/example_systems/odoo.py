"""Odoo: lists as its export writes them with all fields (not the import-compatible ones): labels, comma, quotes around everything.

Belongs here: contacts, journal items, journal entries, products. Every document is journal items: the lines of revenue, tax and what the
customer owes; amounts without a currency of their own are signed by the ledger, so revenue is negative. A cancelled invoice is reversed
by a credit note; drafts stand in the same list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from tools.example_systems import business
from tools.example_systems.business import CUSTOMERS, DOCUMENTS, PRODUCTS, Document
from tools.example_systems.written import Row, delimited

REVENUE: Final = {"domestic": "4400", "union": "4125", "export": "4120"}
TYPES: Final = {True: "Customer Invoice", False: "Customer Credit Note"}
COMPANY: Final = "Hanseatische Pumpen GmbH"


def files() -> dict[str, bytes]:
    """File name -> what is in it."""
    models = {
        "res.partner": _partners(),
        "account.move": _moves(),
        "account.move.line": _items(),
        "product.product": _products(),
    }
    return {f"{model}.csv": delimited(rows, ",", quoted="all").encode("utf-8") for model, rows in models.items()}


def number(doc: Document) -> str:
    """The number of the journal entry."""
    return f"{'INV' if doc.kind == 'invoice' else 'RINV'}/{doc.day.year}/{doc.position:05}"


def partner(number_in_erp: int) -> int:
    """The database's id of a contact."""
    return number_in_erp - 9990


def _partners() -> Iterator[Row]:
    """Companies, the people in them and a supplier stand in one list."""
    yield [
        "ID", "Name", "Reference", "Is a Company", "Customer Rank", "Supplier Rank", "Country/Country Code", "Zip", "City",
        "Industry", "Salesperson", "Related Company",
    ]  # fmt: skip
    for customer in CUSTOMERS:
        yield [
            partner(customer.number), customer.name, customer.number, "True", 1, 0, customer.country, customer.postal_code,
            customer.city, "Manufacturing", "Petra Schäfer", "",
        ]  # fmt: skip
    yield [40, "Jana Köhler", "", "False", 0, 0, "DE", "50667", "Köln", "", "", CUSTOMERS[0].name]
    yield [41, "Gießerei Hörmann GmbH", "", "True", 0, 1, "DE", "58095", "Hagen", "", "", ""]


def _moves() -> Iterator[Row]:
    yield [
        "Number", "Type", "Status", "Invoice/Bill Date", "Date", "Partner/ID", "Partner", "Currency", "Reversal of",
        "Untaxed Amount Signed", "Tax Signed", "Total Signed", "Payment Status",
    ]  # fmt: skip
    for doc in DOCUMENTS:
        about = number(business.BY_POSITION[doc.refers]) if doc.refers else ""
        state = "Reversed" if doc.position in business.CANCELLED else "Paid" if doc.paid else "Not Paid"
        yield [
            number(doc), TYPES[doc.sign > 0], "Posted", doc.day, doc.day, partner(doc.customer.number), doc.customer.name,
            doc.customer.currency, about, doc.local_net, doc.local_tax, doc.local_gross, state,
        ]  # fmt: skip


def _items() -> Iterator[Row]:
    """Journal items: of documents, of payments, and of a draft, which is no booking yet."""
    yield [
        "ID", "Number", "Status", "Type", "Date", "Invoice/Bill Date", "Company", "Partner/ID", "Partner", "Account/Code", "Account",
        "Internal Type", "Label", "Display Type", "Product/Internal Reference", "Product", "Product/Product Category", "Quantity",
        "Unit Price", "Discount (%)", "Subtotal", "Balance", "Amount in Currency", "Currency", "Due Date", "Residual Amount",
        "Matching #", "Matching/Created on",
    ]  # fmt: skip
    count = 100
    for doc in DOCUMENTS:
        for item in _of_document(doc):
            count += 1
            yield [count, *item]
    for doc, paid in business.payments():
        for account, name, kind, amount in (
            ("1800", "Bank", "Bank and Cash", 1),
            ("1200", "Forderungen", "Receivable", -1),
        ):
            count += 1
            balance = amount * doc.local_gross
            yield [
                count, f"BNK1/{paid.year}/{doc.position:05}", "Posted", "Journal Entry", paid, "", COMPANY,
                partner(doc.customer.number), doc.customer.name, account, name, kind, f"Zahlung {number(doc)}", "Product", "", "", "",
                "0.0", "0.0", "0.0", "0.0", balance, balance, "EUR", paid, "0.00", *_matched(doc, kind == "Receivable"),
            ]  # fmt: skip
    customer, product = CUSTOMERS[2], PRODUCTS["P-100"]
    yield [
        count + 1, "/", "Draft", "Customer Invoice", date(2025, 12, 19), "", COMPANY, partner(customer.number), customer.name, "4125",
        "Erlöse 4125", "Income", product.name, "Product", product.number, product.name, product.group, "1.0", "1200.00", "0.0",
        "1200.00", "-1200.00", "-1200.00", "EUR", "", "0.00", "", "",
    ]  # fmt: skip


def _of_document(doc: Document) -> Iterator[Row]:
    customer = doc.customer
    head = [
        number(doc),
        "Posted",
        TYPES[doc.sign > 0],
        doc.day,
        doc.day,
        COMPANY,
        partner(customer.number),
        customer.name,
    ]
    account = REVENUE[customer.revenue_kind]
    for line in doc.lines:
        yield [
            *head, account, f"Erlöse {account}", "Income", line.product.name, "Product", line.product.number, line.product.name,
            line.product.group, f"{abs(line.quantity)}.0", line.product.price[customer.currency], f"{line.discount_percent}.0",
            abs(line.net), -line.local_net, -line.net, customer.currency, "", "0.00", "", "",
        ]  # fmt: skip
    yield [
        *head, "", "", "", f"Auftrag {1000 + doc.position}", "Note", *[""] * 3, *["0.0"] * 4, "0.00", "0.00", customer.currency, "",
        "0.00", "", "",
    ]  # fmt: skip
    if doc.tax:
        yield [
            *head, "3806", "Umsatzsteuer 19 %", "Current Liabilities", "USt 19 %", "Tax", "", "", "", "0.0", "0.0", "0.0", "0.00",
            -doc.local_tax, -doc.tax, customer.currency, "", "0.00", "", "",
        ]  # fmt: skip
    residual = doc.local_gross if doc.paid is None else Decimal("0.00")
    yield [
        *head, "1200", "Forderungen", "Receivable", number(doc), "Payment Term", "", "", "", "0.0", "0.0", "0.0", "0.00",
        doc.local_gross, doc.net + doc.tax, customer.currency, doc.due, residual, *_matched(doc, True),
    ]  # fmt: skip


def _matched(doc: Document, is_receivable: bool) -> Row:
    """The full reconciliation and when it was made: in the evening of the day the money came."""
    if doc.paid is None or not is_receivable:
        return ["", ""]
    first = doc.refers if doc.kind == "cancellation" else doc.position
    return [f"A{first}", f"{doc.paid} 17:30:00"]


def _products() -> Iterator[Row]:
    yield ["Internal Reference", "Name", "Product Category", "Sales Price", "Cost"]
    for product in PRODUCTS.values():
        yield [product.number, product.name, product.group, product.price["EUR"], product.cost["EUR"]]
