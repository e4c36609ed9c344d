"""A small ERP in a database: documents and their lines, keys that are no numbers, for tests of the first configuration.

Belongs here: its tables, in German and in English, and what they hold; not here: what comes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

GERMAN: Final = {
    "customers": ("kunden", "id", "kundennummer", "firma", "land", "betreuer"),
    "products": ("artikel", "id", "artikelnummer", "bezeichnung", "warengruppe", "einstandspreis"),
    "headers": ("rechnungen", "id", "rechnungsnummer", "rechnungsdatum", "kunde_id", "lieferkunde_id", "status"),
    "lines": ("rechnungspositionen", "id", "rechnung_id", "position", "artikel_id", "menge", "nettobetrag"),
}
ENGLISH: Final = {
    "customers": ("customers", "id", "customer_number", "company", "country", "sales_rep"),
    "products": ("products", "id", "product_number", "product_name", "product_group", "unit_cost"),
    "headers": ("invoices", "id", "invoice_number", "invoice_date", "customer_id", "ship_to_customer_id", "status"),
    "lines": ("invoice_lines", "id", "invoice_id", "line_no", "product_id", "quantity", "net_amount"),
}
"""Ours -> the table and its columns."""

CUSTOMERS, MONTHS = 12, 24


@dataclass(frozen=True, slots=True)
class Truth:
    """What the portfolio of the last year must say, in cents."""

    customers: int
    revenue: int
    cost: int


def statements(names: dict[str, tuple[str, ...]], schema: str = "") -> Iterator[str]:
    """Make and fill the tables; some of no concern beside them."""
    of = {each: f"{schema}{words[0]}" for each, words in names.items()}
    c, p, h, line = (names[each][1:] for each in ("customers", "products", "headers", "lines"))
    yield (
        f"create table {of['customers']} ({c[0]} integer primary key, {c[1]} varchar(20) not null, {c[2]} varchar(80), "
        f"{c[3]} varchar(2), {c[4]} varchar(20))"
    )
    yield (
        f"create table {of['products']} ({p[0]} integer primary key, {p[1]} varchar(20) not null, {p[2]} varchar(80), "
        f"{p[3]} varchar(20), {p[4]} numeric(12, 4))"
    )
    yield (
        f"create table {of['headers']} ({h[0]} integer primary key, {h[1]} varchar(20) not null, {h[2]} date not null, "
        f"{h[3]} integer not null references {of['customers']} ({c[0]}), "
        f"{h[4]} integer references {of['customers']} ({c[0]}), {h[5]} varchar(20))"
    )
    yield (
        f"create table {of['lines']} ({line[0]} integer primary key, {line[1]} integer not null references {of['headers']} ({h[0]}), "
        f"{line[2]} integer not null, {line[3]} integer references {of['products']} ({p[0]}), {line[4]} numeric(12, 3), "
        f"{line[5]} numeric(14, 2))"
    )
    yield f"create table {schema}settings (name varchar(20), setting varchar(20))"
    yield f"insert into {schema}settings values ('theme', 'dark')"
    yield f"create table {schema}empty_customers (customer_number varchar(20), customer_name varchar(20))"
    for number in range(1, CUSTOMERS + 1):
        yield (
            f"insert into {of['customers']} values ({number}, 'K-{20000 + 7 * number}', 'Firma {number} & Söhne', 'DE', 'V{number % 3}')"
        )
    for number in (1, 2, 3):
        yield f"insert into {of['products']} values ({number}, 'A-{number}', 'Pumpe {number}', 'Gruppe {number % 2}', {number}.25)"
    for document, (month, customer) in enumerate(
        ((month, customer) for month in range(MONTHS) for customer in range(1, CUSTOMERS + 1)), 1
    ):
        day = f"{2023 + month // 12}-{month % 12 + 1:02}-{28 if customer == 1 else 3 + customer:02}"
        # Whoever gets the goods is somebody else.
        yield (
            f"insert into {of['headers']} values ({1000 + document}, 'R{document:05}', '{day}', {customer}, "
            f"{customer % CUSTOMERS + 1}, 'posted')"
        )
        for line_no in (1, 2):
            sign = -1 if (month + customer) % 11 == 0 else 1
            yield (
                f"insert into {of['lines']} values ({2 * document + line_no}, {1000 + document}, {line_no}, {line_no}, "
                f"{sign * customer}, {sign * (100 * customer + month)}.{10 * line_no})"
            )


def truth() -> Truth:
    """The last year of it."""
    revenue = cost = 0
    for month in range(MONTHS - 12, MONTHS):
        for customer in range(1, CUSTOMERS + 1):
            sign = -1 if (month + customer) % 11 == 0 else 1
            for line_no in (1, 2):
                revenue += sign * ((100 * customer + month) * 100 + 10 * line_no)
                cost += sign * customer * (100 * line_no + 25)
    return Truth(CUSTOMERS, revenue, cost)
