"""What the company of the examples did, in nobody's format: customers, documents, payments, ledger; accounts, activities, opportunities.

Belongs here: facts, and the figures that follow from them by plain addition. They are what must come out of every system. Not here: any
system's columns or signs. Rates and prices are such that every amount in euros is exact: two systems may round at different places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, get_args

CENT: Final = Decimal("0.01")
EXPORTED: Final = date(2026, 1, 5)
AS_OF: Final = date(2025, 12, 31)
WINDOW_START: Final = date(2025, 1, 1)
TERMS_DAYS: Final = 30

EUROS_PER: Final = {"EUR": Decimal(1), "CHF": 1 / Decimal("0.96"), "USD": Decimal("0.9375")}
"""Francs are quoted as 0.96 for a euro, dollars as 0.9375 euros: both ways of quoting occur."""

Kind = Literal["invoice", "credit_note", "cancellation"]
Stage = Literal["qualification", "proposal", "negotiation", "won", "lost"]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer. `tax` is what comes on top of its net amounts."""

    number: int
    name: str
    country: str
    postal_code: str
    city: str
    currency: str = "EUR"
    tax: Decimal = Decimal("0.19")

    @property
    def revenue_kind(self) -> Literal["domestic", "union", "export"]:
        """Which revenue account it is booked on."""
        return "domestic" if self.country == "DE" else "union" if self.country == "AT" else "export"


NO_TAX: Final = Decimal(0)
CUSTOMERS: Final = (
    Customer(10001, "Müller Maschinenbau GmbH", "DE", "50667", "Köln"),
    Customer(10002, "Brauerei Grünwald KG", "DE", "82031", "Grünwald"),
    Customer(10003, "Österreichische Pumpenwerke AG", "AT", "1100", "Wien", tax=NO_TAX),
    Customer(10004, "Zürcher Fließtechnik AG", "CH", "8005", "Zürich", "CHF", NO_TAX),
    Customer(10005, "Great Lakes Flow Inc.", "US", "60601", "Chicago", "USD", NO_TAX),
    Customer(10006, "Kälte & Klima Süd e.K.", "DE", "01067", "Dresden"),
    Customer(10007, "Bär und Söhne OHG", "DE", "99084", "Erfurt"),
)


@dataclass(frozen=True, slots=True)
class Product:
    """A product with its list price and cost in each currency."""

    number: str
    name: str
    group: str
    price: dict[str, Decimal]
    cost: dict[str, Decimal]


def _product(number: str, name: str, group: str, prices: str, costs: str) -> Product:
    def in_currencies(text: str) -> dict[str, Decimal]:
        return dict(zip(EUROS_PER, map(Decimal, text.split()), strict=True))

    return Product(number, name, group, in_currencies(prices), in_currencies(costs))


PRODUCTS: Final = {
    product.number: product
    for product in (
        _product("P-100", "Kreiselpumpe 5,5 kW", "Pumpen", "1200.00 1440.00 1280.00", "780.00 748.80 832.00"),
        _product("P-200", "Dichtungssatz", "Ersatzteile", "85.50 96.00 96.00", "30.00 28.80 32.00"),
        _product("P-300", "Wartung vor Ort", "Service", "240.00 288.00 256.00", "150.00 144.00 160.00"),
        _product("P-400", "Absperrventil DN 50", "Armaturen", "149.90 192.00 160.00", "75.00 72.00 80.00"),
    )
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document: amounts in its currency, signed. `net` is list less deduction."""

    product: Product
    quantity: int
    discount_percent: int
    listed: Decimal
    deduction: Decimal
    cost: Decimal
    rate: Decimal

    @property
    def net(self) -> Decimal:
        """What was charged, without tax."""
        return self.listed - self.deduction

    @property
    def local_net(self) -> Decimal:
        """The same in euros."""
        return in_euros(self.net, self.rate)

    @property
    def local_cost(self) -> Decimal:
        """Cost in euros."""
        return in_euros(self.cost, self.rate)


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, a credit note or a cancellation. `refers` is the position of the invoice it is about."""

    position: int
    kind: Kind
    day: date
    customer: Customer
    lines: tuple[Line, ...]
    paid: date | None = None
    refers: int | None = None

    @property
    def sign(self) -> int:
        """-1 for what takes back."""
        return 1 if self.kind == "invoice" else -1

    @property
    def due(self) -> date:
        """When it has to be paid; what takes back is due at once."""
        return self.day + timedelta(days=TERMS_DAYS) if self.kind == "invoice" else self.day

    @property
    def net(self) -> Decimal:
        """Without tax, in its currency, signed."""
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax on it."""
        return rounded(self.net * self.customer.tax)

    @property
    def local_net(self) -> Decimal:
        """Without tax, in euros."""
        return sum((line.local_net for line in self.lines), Decimal(0))

    @property
    def local_tax(self) -> Decimal:
        """The tax in euros: only those who pay in euros pay any."""
        return self.tax

    @property
    def local_gross(self) -> Decimal:
        """What the customer owes, in euros."""
        return self.local_net + self.local_tax


def rounded(amount: Decimal) -> Decimal:
    """To cents, half away from zero."""
    return amount.quantize(CENT, rounding="ROUND_HALF_UP")


def in_euros(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount in euros; the examples' amounts are exact there."""
    euros = rounded(amount * rate)
    if abs(euros - amount * rate) > Decimal("1e-9"):
        raise ValueError(f"{amount} is no whole number of cents in euros")
    return euros


# Position, kind, day, customer, paid, about which, lines (product, quantity, per cent of discount).
_BOOKS: Final = """
1  invoice      2024-03-12 10001 2024-04-10 -  P-100 2 0, P-200 4 10
2  invoice      2024-04-16 10003 2024-05-20 -  P-100 5 5, P-400 12 0
3  invoice      2024-05-14 10002 2024-06-13 -  P-200 4 0
4  invoice      2024-06-04 10002 2024-07-04 -  P-200 20 0, P-300 1 0
5  invoice      2024-07-16 10006 2024-08-20 -  P-400 3 0
6  invoice      2024-08-13 10003 2024-09-11 -  P-200 6 5
7  invoice      2024-09-17 10004 2024-10-15 -  P-100 1 25, P-200 6 0
8  invoice      2024-10-08 10001 2024-11-29 -  P-400 30 10
9  invoice      2024-11-12 10005 2024-12-09 -  P-100 3 0
10 invoice      2024-12-03 10006 2025-01-02 -  P-200 2 0, P-300 2 0
11 credit_note  2024-12-18 10002 2024-12-18 4  P-200 2 0
12 invoice      2025-01-14 10001 2025-02-12 -  P-100 4 5, P-200 8 10, P-300 1 0
13 invoice      2025-02-11 10003 2025-03-24 -  P-100 6 5, P-400 20 0
14 invoice      2025-02-25 10002 2025-03-27 -  P-300 2 0
15 invoice      2025-03-18 10004 2025-04-16 -  P-100 2 25, P-400 10 0
16 invoice      2025-04-08 10005 2025-06-30 -  P-100 5 25, P-200 10 0
17 invoice      2025-05-13 10006 2025-05-15 -  P-100 1 0
18 cancellation 2025-05-15 10006 2025-05-15 17 P-100 1 0
19 invoice      2025-05-16 10006 2025-06-17 -  P-100 1 10
20 invoice      2025-06-10 10001 2025-07-10 -  P-200 15 10, P-400 8 0
21 credit_note  2025-06-24 10003 2025-06-24 13 P-400 5 0
22 invoice      2025-07-22 10002 2025-08-21 -  P-200 25 5, P-300 3 0
23 invoice      2025-08-19 10004 -          -  P-200 12 0, P-300 1 0
24 invoice      2025-09-09 10003 2025-10-08 -  P-100 3 5, P-200 10 0
25 invoice      2025-10-14 10001 2025-11-12 -  P-100 2 5, P-300 2 0
26 invoice      2025-10-28 10005 -          -  P-400 6 25
27 invoice      2025-11-11 10002 -          -  P-400 10 10, P-300 1 0
28 credit_note  2025-11-25 10001 -          25 P-300 1 0
29 invoice      2025-11-27 10006 -          -  P-200 4 0
30 invoice      2025-12-17 10003 2025-12-30 -  P-100 2 5
"""


def _documents() -> Iterator[Document]:
    customers = {customer.number: customer for customer in CUSTOMERS}
    for row in _BOOKS.strip().splitlines():
        head, lines = row[: row.index(" P-")], row[row.index(" P-") :]
        position, kind, day, customer, paid, refers = head.split()
        buyer = customers[int(customer)]
        sign = 1 if kind == "invoice" else -1
        yield Document(
            position=int(position),
            kind=kind,  # type: ignore[arg-type]
            day=date.fromisoformat(day),
            customer=buyer,
            lines=tuple(_line(buyer.currency, sign, *each.split()) for each in lines.split(",")),
            paid=None if paid == "-" else date.fromisoformat(paid),
            refers=None if refers == "-" else int(refers),
        )


def _line(currency: str, sign: int, number: str, quantity: str, percent: str) -> Line:
    product, count = PRODUCTS[number], sign * int(quantity)
    listed = count * product.price[currency]
    deduction = rounded(listed * int(percent) / 100)
    return Line(product, count, int(percent), listed, deduction, count * product.cost[currency], EUROS_PER[currency])


DOCUMENTS: Final = tuple(_documents())
BY_POSITION: Final = {doc.position: doc for doc in DOCUMENTS}
CANCELLED: Final = frozenset(doc.refers for doc in DOCUMENTS if doc.kind == "cancellation")
"""Invoices that were cancelled."""


def payments() -> list[tuple[Document, date]]:
    """The documents money flowed for, and when; an invoice and its cancellation meet each other without any."""
    return [(doc, doc.paid) for doc in DOCUMENTS if doc.paid and not is_offset(doc)]


def is_offset(doc: Document) -> bool:
    """Whether an invoice was cancelled, or it is the cancellation."""
    return doc.kind == "cancellation" or doc.position in CANCELLED


# --- what must come out ----------------------------------------------------------------------------------------------


def net_revenue() -> dict[int, Decimal]:
    """Customer -> net revenue of the 12 months up to AS_OF, in euros."""
    return _by_customer({doc.position: doc.local_net for doc in DOCUMENTS if WINDOW_START <= doc.day <= AS_OF})


def cost_of_goods() -> dict[int, Decimal]:
    """Customer -> cost of goods of the same months."""
    return _by_customer(
        {
            doc.position: sum((line.local_cost for line in doc.lines), Decimal(0))
            for doc in DOCUMENTS
            if WINDOW_START <= doc.day <= AS_OF
        }
    )


def deductions() -> dict[int, Decimal]:
    """Customer -> discounts of the same months."""
    return _by_customer(
        {
            doc.position: sum((in_euros(line.deduction, line.rate) for line in doc.lines), Decimal(0))
            for doc in DOCUMENTS
            if WINDOW_START <= doc.day <= AS_OF
        }
    )


def open_amounts() -> dict[int, Decimal]:
    """Customer -> what is not paid at AS_OF, without tax, in euros; all of it is due by then."""
    return _by_customer({doc.position: doc.local_net for doc in DOCUMENTS if doc.paid is None})


def _by_customer(amounts: dict[int, Decimal]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for doc in DOCUMENTS:
        if doc.position in amounts:
            found[doc.customer.number] = found.get(doc.customer.number, Decimal(0)) + amounts[doc.position]
    return found


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of the ledger, in euros: `account` is a kind of revenue or cost_of_goods, `amount` what was earned or spent."""

    day: date
    account: str
    amount: Decimal
    document: Document


def ledger() -> list[Booked]:
    """One entry a document for revenue and one for the goods."""
    found = []
    for doc in DOCUMENTS:
        cost = sum((line.local_cost for line in doc.lines), Decimal(0))
        found.append(Booked(doc.day, doc.customer.revenue_kind, doc.local_net, doc))
        found.append(Booked(doc.day, "cost_of_goods", cost, doc))
    return found


# --- the same company's CRM ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """A company in the CRM; a lead has no number in the ERP."""

    position: int
    name: str
    number: int | None
    country: str
    created: date
    owner: int


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that was done with an account. `moment` is in the company's time zone."""

    position: int
    kind: Literal["visit", "call", "email"]
    account: Account
    moment: datetime
    recorded: datetime
    minutes: int | None
    rep: int


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A chance to sell, in euros; `closed` and `won` are not there while it is open."""

    position: int
    account: Account
    name: str
    amount: Decimal
    stage: Stage
    created: date
    expected: date
    closed: date | None


REPS: Final = {1: "Petra Schäfer", 2: "Jörg Weiß"}
_LEADS: Final = (("Weißwasser Anlagenbau GmbH", "DE"), ("Nordlicht Energie AG", "DE"), ("Åland Marine Oy", "FI"))
ACCOUNTS: Final = tuple(
    Account(position, name, number, country, date(2023, 1, 9) + timedelta(days=30 * position), 1 + position % 2)
    for position, (name, number, country) in enumerate(
        [
            *((customer.name, customer.number, customer.country) for customer in CUSTOMERS),
            *((name, None, country) for name, country in _LEADS),
        ],
        1,
    )
)

# Kind, account, moment, days until it was entered, minutes.
_DIARY: Final = """
visit 1 2025-01-22T09:30 0 90
call  1 2025-02-04T11:00 0 15
call  2 2025-02-19T14:15 1 -
visit 3 2025-03-05T10:00 2 120
email 3 2025-03-10T08:05 0 -
visit 8 2025-03-26T13:30 0 60
call  8 2025-04-09T09:45 0 25
call  4 2025-04-24T16:20 0 10
email 5 2025-05-06T17:40 0 -
visit 1 2025-05-21T09:00 0 75
call  9 2025-06-03T10:10 3 20
call  6 2025-06-18T11:50 0 12
visit 2 2025-07-02T14:00 0 60
email 2 2025-07-03T08:30 0 -
visit 8 2025-08-27T09:15 1 90
call  3 2025-09-16T15:05 0 18
call  10 2025-09-30T08:50 0 22
visit 3 2025-10-15T10:30 0 105
call  5 2025-10-29T18:30 0 30
visit 1 2025-11-05T23:30 1 45
call  7 2025-11-19T09:20 0 8
email 9 2025-12-02T12:00 0 -
"""


def _activities() -> Iterator[Activity]:
    for position, row in enumerate(_DIARY.strip().splitlines(), 1):
        kind, account, moment, later, minutes = row.split()
        begun = datetime.fromisoformat(moment)
        entered = begun + timedelta(days=int(later), hours=2)
        meant = ACCOUNTS[int(account) - 1]
        spent = None if minutes == "-" else int(minutes)
        yield Activity(position, kind, meant, begun, entered, spent, meant.owner)  # type: ignore[arg-type]


ACTIVITIES: Final = tuple(_activities())

# Account, amount, stage, created, expected, closed.
_CHANCES: Final = """
1 24000.00 negotiation   2025-08-12 2026-02-27 -
3 58500.00 proposal      2025-09-18 2026-03-31 -
8 36000.00 qualification 2025-10-07 2026-04-30 -
2 4800.00  won           2025-05-06 2025-07-22 2025-07-22
4 9600.50  lost          2025-03-11 2025-06-30 2025-06-26
9 12500.00 lost          2025-06-03 2025-10-31 2025-11-03
10 18000.00 qualification 2025-11-04 2026-06-30 -
"""


def _opportunities() -> Iterator[Opportunity]:
    stages = {stage: stage for stage in get_args(Stage)}
    for position, row in enumerate(_CHANCES.strip().splitlines(), 1):
        account, amount, stage, *days = row.split()
        created, expected, closed = (None if day == "-" else date.fromisoformat(day) for day in days)
        meant = ACCOUNTS[int(account) - 1]
        if created is None or expected is None:
            raise ValueError(f"an opportunity begins and is expected to end: {row}")
        yield Opportunity(
            position, meant, f"Pumpen für {meant.name}", Decimal(amount), stages[stage], created, expected, closed
        )


OPPORTUNITIES: Final = tuple(_opportunities())
