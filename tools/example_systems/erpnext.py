"""ERPNext: its tables by the names of their fields, as the database or the REST interface gives them.

Belongs here: Customer, Sales Invoice, Sales Invoice Item, GL Entry, Payment Entry and its references. Returns have negative quantities
and amounts. A cancelled document stays with docstatus 2, and the entries of its ledger with is_cancelled 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from tools.example_systems import business
from tools.example_systems.business import CUSTOMERS, DOCUMENTS, EUROS_PER, Customer, Document
from tools.example_systems.written import Row, delimited, names

COMPANY: Final = "Hanseatische Pumpen GmbH"
REVENUE: Final = {
    "domestic": "8400 - Erlöse 19 % USt - HP",
    "union": "8125 - Steuerfreie innergem. Lieferungen - HP",
    "export": "8120 - Steuerfreie Umsätze - HP",
}
DEBTORS, TAX, GOODS, STOCK, BANK = (
    f"{name} - HP"
    for name in ("1400 - Debitoren", "1776 - USt 19 %", "3200 - Wareneingang", "3980 - Bestand", "1200 - Bank")
)
TERRITORIES: Final = {"DE": "Germany", "AT": "Austria", "CH": "Switzerland", "US": "United States"}
KEPT: Final = tuple(doc for doc in DOCUMENTS if doc.kind != "cancellation")
"""A cancellation is no document here."""


def files() -> dict[str, bytes]:
    """File name -> what is in it."""
    tables = {
        "Customer": _customers(),
        "Sales Invoice": _invoices(),
        "Sales Invoice Item": _lines(),
        "GL Entry": _ledger(),
        "Payment Entry": _payments(),
        "Payment Entry Reference": _references(),
    }
    return {f"tab{name}.csv": delimited(rows, ",", newline="\n").encode("utf-8") for name, rows in tables.items()}


def number(doc: Document) -> str:
    """The document's name."""
    return f"ACC-SINV-{'RET-' if doc.kind == 'credit_note' else ''}{doc.day.year}-{doc.position:05}"


def docstatus(doc: Document) -> int:
    """1 submitted, 2 cancelled."""
    return 2 if doc.position in business.CANCELLED else 1


def _customers() -> Iterator[Row]:
    """The name of a customer is what it is called, unless a series of names is set."""
    yield names(
        "name customer_name customer_type customer_group territory default_currency payment_terms is_internal_customer disabled",
        "industry account_manager",
    )
    for customer in CUSTOMERS:
        yield [
            customer.name, customer.name, "Company", "Commercial", TERRITORIES[customer.country], customer.currency, "30 Tage", 0, 0,
            "Manufacturing", "petra.schaefer@example.com",
        ]  # fmt: skip


def _rate(customer: Customer) -> str:
    """The conversion rate: euros for one of the document's currency, nine places."""
    return f"{EUROS_PER[customer.currency]:.9f}"


def _invoices() -> Iterator[Row]:
    yield names(
        "name docstatus status company customer customer_name posting_date due_date is_return return_against is_opening currency",
        "conversion_rate party_account_currency net_total base_net_total grand_total base_grand_total outstanding_amount",
    )
    for doc in KEPT:
        is_open = doc.paid is None
        about = number(business.BY_POSITION[doc.refers]) if doc.refers else ""
        status = "Cancelled" if docstatus(doc) == 2 else "Return" if doc.sign < 0 else "Overdue" if is_open else "Paid"
        yield [
            number(doc), docstatus(doc), status, COMPANY, doc.customer.name, doc.customer.name, doc.day, doc.due, int(doc.sign < 0),
            about, "No", doc.customer.currency, _rate(doc.customer), "EUR", doc.net, doc.local_net, doc.net + doc.tax, doc.local_gross,
            doc.local_gross if is_open else "0.00",
        ]  # fmt: skip
    yield [
        "ACC-SINV-2025-00099", 0, "Draft", COMPANY, CUSTOMERS[2].name, CUSTOMERS[2].name, "2025-12-19", "2026-01-18", 0, "", "No", "EUR",
        "1.000000000", "EUR", "1200.00", "1200.00", "1200.00", "1200.00", "1200.00",
    ]  # fmt: skip


def _lines() -> Iterator[Row]:
    yield names(
        "name docstatus parent idx item_code item_name item_group qty uom stock_qty price_list_rate discount_percentage",
        "discount_amount rate amount net_rate net_amount base_net_amount income_account incoming_rate",
    )
    for doc in KEPT:
        for place, line in enumerate(doc.lines, 1):
            price = line.product.price[doc.customer.currency]
            each = business.rounded(line.net / line.quantity)
            yield [
                f"{doc.position:05}{place:03}a1b2", docstatus(doc), number(doc), place, line.product.number, line.product.name,
                line.product.group, line.quantity, "Nos", line.quantity, price, line.discount_percent, price - each, each, line.net,
                each, line.net, line.local_net, REVENUE[doc.customer.revenue_kind], line.product.cost["EUR"],
            ]  # fmt: skip
    yield [
        "00099001a1b2", 0, "ACC-SINV-2025-00099", 1, "P-100", "Kreiselpumpe 5,5 kW", "Pumpen", 1, "Nos", 1, "1200.00", 0, "0.00",
        "1200.00", "1200.00", "1200.00", "1200.00", "1200.00", REVENUE["union"], "780.00",
    ]  # fmt: skip


def _ledger() -> Iterator[Row]:
    yield names(
        "name posting_date account party_type party debit credit voucher_type voucher_no company is_opening is_cancelled"
    )
    count = 0
    for doc in KEPT:
        for is_reversing in (False, True) if docstatus(doc) == 2 else (False,):
            for account, amount in _of_document(doc):
                count += 1
                party = ["Customer", doc.customer.name] if account == DEBTORS else ["", ""]
                day = business_day(doc, is_reversing)
                booked = -amount if is_reversing else amount
                yield [
                    _entry(count),
                    day,
                    account,
                    *party,
                    *_sides(booked),
                    "Sales Invoice",
                    number(doc),
                    COMPANY,
                    "No",
                    docstatus(doc) - 1,
                ]
    for doc, paid in business.payments():
        for account, amount in ((BANK, doc.local_gross), (DEBTORS, -doc.local_gross)):
            count += 1
            party = ["Customer", doc.customer.name] if account == DEBTORS else ["", ""]
            yield [
                _entry(count),
                paid,
                account,
                *party,
                *_sides(amount),
                "Payment Entry",
                _payment(doc),
                COMPANY,
                "No",
                0,
            ]


def _entry(count: int) -> str:
    return f"ACC-GLE-{count:05}"


def business_day(doc: Document, is_reversing: bool) -> date:
    """The day of the document, or of its cancellation."""
    return doc.paid if is_reversing and doc.paid else doc.day


def _of_document(doc: Document) -> Iterator[tuple[str, Decimal]]:
    """Account and amount, debits positive."""
    cost = sum((line.local_cost for line in doc.lines), Decimal(0))
    yield DEBTORS, doc.local_gross
    yield REVENUE[doc.customer.revenue_kind], -doc.local_net
    if doc.local_tax:
        yield TAX, -doc.local_tax
    yield GOODS, cost
    yield STOCK, -cost


def _sides(amount: Decimal) -> Row:
    return [amount, "0.00"] if amount > 0 else ["0.00", -amount]


def _payment(doc: Document) -> str:
    return f"ACC-PAY-{doc.position:05}"


def _payments() -> Iterator[Row]:
    yield names(
        "name docstatus payment_type posting_date company party_type party paid_amount received_amount paid_from paid_to"
    )
    for doc, paid in business.payments():
        kind, accounts = ("Receive", [DEBTORS, BANK]) if doc.sign > 0 else ("Pay", [BANK, DEBTORS])
        amount = abs(doc.local_gross)
        yield [_payment(doc), 1, kind, paid, COMPANY, "Customer", doc.customer.name, amount, amount, *accounts]


def _references() -> Iterator[Row]:
    yield names(
        "name docstatus parent idx reference_doctype reference_name total_amount outstanding_amount allocated_amount"
    )
    for doc, _ in business.payments():
        amount = doc.local_gross
        yield [f"{doc.position:05}pay1", 1, _payment(doc), 1, "Sales Invoice", number(doc), amount, amount, amount]
