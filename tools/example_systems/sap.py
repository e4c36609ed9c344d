"""SAP ERP: tables as the data browser saves them, text with tabs.

Belongs here: VBRK, VBRP, KNA1, BSID, BSAD, FAGLFLEXT. Amounts of sales documents have no sign there (the category of the document has
it), those of items neither (the debit/credit indicator has it); a minus stands behind a number; an initial day is 00.00.0000.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from tools.example_systems import business
from tools.example_systems.business import DOCUMENTS, Document
from tools.example_systems.written import Row, delimited, german, german_day, names

INITIAL: Final = "00.00.0000"
RATE: Final = {"EUR": "1,00000", "CHF": "0,96000-", "USD": "0,93750"}
"""KURRF: a rate in francs for a euro is kept as a negative number, one in euros for a dollar as a positive one."""
KIND: Final = {"invoice": ("F2", "M"), "credit_note": ("G2", "O"), "cancellation": ("S1", "N")}
ACCOUNTS: Final = {
    "domestic": "0000800000",
    "union": "0000801000",
    "export": "0000802000",
    "cost_of_goods": "0000893010",
}
MATERIAL_GROUPS: Final = {"Pumpen": "01", "Ersatzteile": "02", "Service": "03", "Armaturen": "04"}
PRO_FORMA: Final = "0090000099"


def files() -> dict[str, bytes]:
    """File name -> what is in it."""
    tables = {"VBRK": _vbrk(), "VBRP": _vbrp(), "KNA1": _kna1(), "BSID": _items(False), "BSAD": _items(True)}
    return {f"{name}.txt": _saved(name, rows) for name, rows in {**tables, "FAGLFLEXT": _faglflext()}.items()}


def _saved(name: str, rows: Iterator[Row]) -> bytes:
    """A title, the names, the rows, each behind an empty column."""
    header, *records = rows
    text = delimited(
        [[f"Tabelle: {name}"], [], [None, *header], [], *([None, *row] for row in records)], "\t", quoted="none"
    )
    return text.encode("cp1252")


def number(doc: Document) -> str:
    """VBELN: ten digits, leading zeros."""
    return f"{90000000 + doc.position:010}"


def _vbrk() -> Iterator[Row]:
    yield names(
        "MANDT VBELN FKART VBTYP WAERK VKORG VTWEG KALSM FKDAT KURRF BUKRS ZTERM RFBSK NETWR MWSBK KUNRG KUNAG SFAKN FKSTO XBLNR"
    )
    for doc in DOCUMENTS:
        billing_type, category = KIND[doc.kind]
        about = business.BY_POSITION[doc.refers] if doc.kind == "cancellation" and doc.refers else None
        customer = f"{doc.customer.number:010}"
        yield [
            "100", number(doc), billing_type, category, doc.customer.currency, "1000", "10", "RVAA01", german_day(doc.day),
            RATE[doc.customer.currency], "1000", "ZB30", "C", german(abs(doc.net)), german(abs(doc.tax)), customer, customer,
            number(about) if about else "", "X" if doc.position in business.CANCELLED else "", number(doc),
        ]  # fmt: skip
    yield [
        "100", PRO_FORMA, "F8", "U", "EUR", "1000", "10", "RVAA01", "01.12.2025", "1,00000", "1000", "ZB30", "D", "1.200,00",
        "0,00", "0000010003", "0000010003", "", "", "",
    ]  # fmt: skip


def _vbrp() -> Iterator[Row]:
    yield names("MANDT VBELN POSNR FKIMG VRKME NETWR KZWI1 WAVWR MATNR ARKTX MATKL PSTYV VGBEL AUBEL")
    for doc in DOCUMENTS:
        for place, line in enumerate(doc.lines, 1):
            yield [
                "100", number(doc), f"{place * 10:06}", german(Decimal(abs(line.quantity)), 3), "ST", german(abs(line.net)),
                german(abs(line.listed)), german(abs(line.cost)), f"{int(line.product.number[2:]):018}", line.product.name,
                MATERIAL_GROUPS[line.product.group], "TAN", f"{80000000 + doc.position:010}", f"{doc.position + 1000:010}",
            ]  # fmt: skip
    yield [
        "100", PRO_FORMA, "000010", "1,000", "ST", "1.200,00", "1.200,00", "780,00", f"{100:018}", "Kreiselpumpe 5,5 kW", "01",
        "TAN", "0080000099", "0000001099",
    ]  # fmt: skip


def _kna1() -> Iterator[Row]:
    yield names("MANDT KUNNR LAND1 NAME1 NAME2 ORT01 PSTLZ REGIO SORTL STRAS KTOKD BRSCH LOEVM SPERR")
    for customer in business.CUSTOMERS:
        yield [
            "100", f"{customer.number:010}", customer.country, customer.name, "", customer.city, customer.postal_code, "",
            customer.name.split()[0].upper()[:10], "", "0001", "MASC", "", "",
        ]  # fmt: skip


def _items(is_cleared: bool) -> Iterator[Row]:
    """What customers owe and have paid: BSAD is what is cleared, BSID what is open. Payments stand there, too."""
    yield names(
        "MANDT BUKRS KUNNR UMSKZ AUGDT AUGBL ZUONR GJAHR BELNR BUZEI BUDAT BLDAT WAERS XBLNR BLART BSCHL SHKZG DMBTR WRBTR ZFBDT "
        "ZTERM ZBD1T ZBD2T ZBD3T REBZG VBELN"
    )
    for doc in DOCUMENTS:
        if is_cleared != (doc.paid is not None):
            continue
        # A payment has a number of its own, and clears; an invoice and its cancellation clear each other.
        is_offset = business.is_offset(doc)
        clearing = f"{100000000 + (doc.refers or doc.position):010}" if is_offset else f"{1400000000 + doc.position}"
        days = "30" if doc.kind == "invoice" else "0"
        yield _item(doc, doc.paid, clearing, number(doc), "RV", "01" if doc.sign > 0 else "11", doc.sign, doc.day, days)
        if doc.paid and not is_offset:
            key = "15" if doc.sign > 0 else "05"
            yield _item(doc, doc.paid, clearing, clearing, "DZ", key, -doc.sign, doc.paid, "0")


def _item(
    doc: Document,
    cleared: date | None,
    clearing: str,
    document: str,
    kind: str,
    key: str,
    sign: int,
    day: date,
    days: str,
) -> Row:
    return [
        "100", "1000", f"{doc.customer.number:010}", "", german_day(cleared, INITIAL), clearing if cleared else "", number(doc),
        f"{day:%Y}", document, "001", german_day(day), german_day(day), doc.customer.currency,
        number(doc) if kind == "RV" else "", kind, key, "S" if sign > 0 else "H", german(abs(doc.local_gross)),
        german(abs(doc.net + doc.tax)), german_day(day), "ZB30" if days != "0" else "", german(Decimal(14 if days == "30" else 0), 0),
        german(Decimal(days), 0), "0", "", number(doc) if kind == "RV" else "",
    ]  # fmt: skip


def _faglflext() -> Iterator[Row]:
    """Totals by year, account and side, a column a period; credits are negative. Receivables and tax stand there, too."""
    yield [
        "RCLNT",
        "RYEAR",
        "DRCRK",
        "RLDNR",
        "RRCTY",
        "RVERS",
        "RBUKRS",
        "RACCT",
        "HSLVT",
        *(f"HSL{n:02}" for n in range(1, 17)),
    ]
    sums: dict[tuple[int, str, str], list[Decimal]] = {}
    for day, account, amount in _postings():
        side = "S" if amount > 0 else "H"
        periods = sums.setdefault((day.year, account, side), [Decimal(0)] * 16)
        periods[day.month - 1] += amount
    for (year, account, side), periods in sorted(sums.items()):
        yield ["100", year, side, "0L", "0", "001", "1000", account, "0,00", *map(german, periods)]


def _postings() -> Iterator[tuple[date, str, Decimal]]:
    for entry in business.ledger():
        yield entry.day, ACCOUNTS[entry.account], entry.amount if entry.account == "cost_of_goods" else -entry.amount
    for doc in DOCUMENTS:
        yield doc.day, "0000140000", doc.local_gross
        if doc.local_tax:
            yield doc.day, "0000175000", -doc.local_tax
    for doc, paid in business.payments():
        yield paid, "0000140000", -doc.local_gross
        yield paid, "0000113100", doc.local_gross
