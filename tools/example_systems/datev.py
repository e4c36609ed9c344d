"""DATEV: files of the DATEV format (EXTF 700) for postings and debtors, and the trial balance of each month.

Belongs here: Buchungsstapel, Debitoren/Kreditoren, SuSa. Amounts are with tax and have no sign: debit or credit is said of the first
account. A day is day and month only, its year is that of the batch. A cancellation is the posting once more, as a general reversal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from tools.example_systems import business
from tools.example_systems.business import CUSTOMERS, DOCUMENTS, EUROS_PER, Document
from tools.example_systems.written import Row, comma, delimited, german

ACCOUNTS: Final = {"domestic": 8400, "union": 8125, "export": 8120}
NAMES: Final = {
    1200: "Bank",
    1400: "Forderungen aus Lieferungen und Leistungen",
    1776: "Umsatzsteuer 19 %",
    8120: "Steuerfreie Umsätze nach § 4 Nr. 1a UStG",
    8125: "Steuerfreie innergemeinschaftliche Lieferungen nach § 4 Nr. 1b UStG",
    8200: "Erlöse",
    8400: "Erlöse 19 % USt",
}
FIRST_OF_RESULT: Final = 2000
"""Accounts from here on begin each year with nothing."""
KEYED: Final = 22
"""The document that is booked on an account without a tax of its own, with a tax key (BU-Schlüssel)."""

_PAIRS: Final = [f"{what} {n}" for n in range(1, 9) for what in ("Beleginfo - Art", "Beleginfo - Inhalt")]
_MORE: Final = [
    f"{what} {n}" for n in range(1, 21) for what in ("Zusatzinformation - Art", "Zusatzinformation - Inhalt")
]
_BANKS: Final = [
    column.format(n)
    for n in range(1, 6)
    for column in (
        *[
            "Bankleitzahl {0}",
            "Bankbezeichnung {0}",
            "Bankkonto-Nummer {0}",
            "Länderkennzeichen {0}",
            "IBAN {0}",
            "Leerfeld {0}",
        ],
        *["SWIFT-Code {0}", "Abw. Kontoinhaber {0}", "Kennz. Haupt-Bankverb. {0}", "Bankverb. {0} Gültig von"],
        "Bankverb. {0} Gültig bis",
    )
]
POSTING: Final = [
    *[
        "Umsatz (ohne Soll/Haben-Kz)",
        "Soll/Haben-Kennzeichen",
        "WKZ Umsatz",
        "Kurs",
        "Basis-Umsatz",
        "WKZ Basis-Umsatz",
        "Konto",
    ],
    *[
        "Gegenkonto (ohne BU-Schlüssel)",
        "BU-Schlüssel",
        "Belegdatum",
        "Belegfeld 1",
        "Belegfeld 2",
        "Skonto",
        "Buchungstext",
        "Postensperre",
    ],
    *["Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre", "Beleglink"],
    *_PAIRS,
    *[
        "KOST1 - Kostenstelle",
        "KOST2 - Kostenstelle",
        "Kost-Menge",
        "EU-Land u. UStID (Bestimmung)",
        "EU-Steuersatz (Bestimmung)",
    ],
    *[
        "Abw. Versteuerungsart",
        "Sachverhalt L+L",
        "Funktionsergänzung L+L",
        "BU 49 Hauptfunktionstyp",
        "BU 49 Hauptfunktionsnummer",
    ],
    "BU 49 Funktionsergänzung",
    *_MORE,
    *[
        "Stück",
        "Gewicht",
        "Zahlweise",
        "Forderungsart",
        "Veranlagungsjahr",
        "Zugeordnete Fälligkeit",
        "Skontotyp",
        "Auftragsnummer",
    ],
    *["Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)"],
    *["EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum"],
    *["SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer"],
    *[
        "Zeichnernummer",
        "Postensperre bis",
        "Bezeichnung SoBil-Sachverhalt",
        "Kennzeichen SoBil-Buchung",
        "Festschreibung",
    ],
    *["Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)", "Steuersatz", "Land"],
    *[
        "Abrechnungsreferenz",
        "BVV-Position",
        "EU-Land u. UStID (Ursprung)",
        "EU-Steuersatz (Ursprung)",
        "Abw. Skontokonto",
    ],
]
DEBTOR: Final = [
    *["Konto", "Name (Adressattyp Unternehmen)", "Unternehmensgegenstand", "Name (Adressattyp natürl. Person)"],
    *["Vorname (Adressattyp natürl. Person)", "Name (Adressattyp keine Angabe)", "Adressattyp", "Kurzbezeichnung"],
    *[
        "EU-Mitgliedstaat",
        "EU-USt-IdNr.",
        "Anrede",
        "Titel/Akad. Grad",
        "Adelstitel",
        "Namensvorsatz",
        "Adressart",
        "Straße",
        "Postfach",
    ],
    *[
        "Postleitzahl",
        "Ort",
        "Land",
        "Versandzusatz",
        "Adresszusatz",
        "Abweichende Anrede",
        "Abw. Zustellbezeichnung 1",
    ],
    *[
        "Abw. Zustellbezeichnung 2",
        "Kennz. Korrespondenzadresse",
        "Adresse gültig von",
        "Adresse gültig bis",
        "Telefon",
    ],
    *[
        "Bemerkung (Telefon)",
        "Telefon Geschäftsleitung",
        "Bemerkung (Telefon GL)",
        "E-Mail",
        "Bemerkung (E-Mail)",
        "Internet",
    ],
    *["Bemerkung (Internet)", "Fax", "Bemerkung (Fax)", "Sonstige", "Bemerkung (Sonstige)"],
    *_BANKS,
    *[
        "Leerfeld 6",
        "Briefanrede",
        "Grußformel",
        "Kundennummer",
        "Steuernummer",
        "Sprache",
        "Ansprechpartner",
        "Vertreter",
    ],
    *[
        "Sachbearbeiter",
        "Diverse-Konto",
        "Ausgabeziel",
        "Währungssteuerung",
        "Kreditlimit (Debitor)",
        "Zahlungsbedingung",
    ],
    *["Fälligkeit in Tagen (Debitor)", "Skonto in Prozent (Debitor)"],
]
"""The columns behind these are of suppliers, reminders and further addresses; they are left out here."""
_TEXTS: Final = frozenset(
    (
        "Soll/Haben-Kennzeichen",
        "WKZ Umsatz",
        "WKZ Basis-Umsatz",
        "BU-Schlüssel",
        "Belegfeld 1",
        "Buchungstext",
        "Generalumkehr (GU)",
    )
)


def files() -> dict[str, bytes]:
    """File name -> what is in it."""
    found = {}
    for year in (2024, 2025):
        sales = [_sale(doc) for doc in DOCUMENTS if doc.day.year == year]
        bank = [_payment(doc, paid) for doc, paid in business.payments() if paid.year == year]
        found[f"EXTF_Rechnungsausgang_{year}.csv"] = _batch(year, "Rechnungsausgang", sales)
        found[f"EXTF_Bank_{year}.csv"] = _batch(year, "Bank", bank)
    found["EXTF_Stammdaten.csv"] = _debtors()
    months = sorted({(doc.day.year, doc.day.month) for doc in DOCUMENTS})
    found |= {f"SuSa_{year}-{month:02}.csv": _trial_balance(year, month) for year, month in months}
    return found


def _batch(year: int, name: str, postings: list[Mapping[str, object]]) -> bytes:
    head = (
        f'"EXTF";700;21;"Buchungsstapel";13;20260105060000000;;"RE";"";"";29098;55003;{year}0101;4;{year}0101;{year}1231;'
        f'"{name}";"";1;0;1;"EUR";;"";;;"03";;;"";""\r\n'
    )
    rows = ([posting.get(column, "" if column in _TEXTS else None) for column in POSTING] for posting in postings)
    return (head + ";".join(POSTING) + "\r\n" + delimited(rows, ";", quoted="text")).encode("cp1252")


class _Plain:
    """A value that is written without quotes: no text in the format's sense."""

    def __init__(self, text: object) -> None:
        self._text = text

    def __str__(self) -> str:
        return str(self._text)


def _sale(doc: Document) -> Mapping[str, object]:
    """An invoice debits the debtor; every second one is booked from the side of revenue. A general reversal repeats the posting."""
    original = business.BY_POSITION[doc.refers] if doc.kind == "cancellation" and doc.refers else doc
    account = 8200 if doc.position == KEYED else ACCOUNTS[doc.customer.revenue_kind]
    is_turned = original.position % 2 == 0
    is_debit = (doc.kind != "credit_note") != is_turned
    first, second = (account, doc.customer.number) if is_turned else (doc.customer.number, account)
    return {
        **_amount(doc),
        "Soll/Haben-Kennzeichen": "S" if is_debit else "H",
        "Konto": _Plain(first),
        "Gegenkonto (ohne BU-Schlüssel)": _Plain(second),
        "BU-Schlüssel": "3" if doc.position == KEYED else "",
        "Belegdatum": _Plain(f"{doc.day.day}{doc.day.month:02}"),
        "Belegfeld 1": number(original),
        "Buchungstext": doc.customer.name,
        "Festschreibung": _Plain(1),
        "Leistungsdatum": _Plain(f"{doc.day:%d%m%Y}"),
        "Fälligkeit": _Plain(f"{doc.due:%d%m%Y}"),
        "Generalumkehr (GU)": "1" if doc.kind == "cancellation" else "",
    }


def _payment(doc: Document, paid: date) -> Mapping[str, object]:
    return {
        **_amount(doc),
        "Soll/Haben-Kennzeichen": "S" if doc.sign > 0 else "H",
        "Konto": _Plain(1200),
        "Gegenkonto (ohne BU-Schlüssel)": _Plain(doc.customer.number),
        "Belegdatum": _Plain(f"{paid.day}{paid.month:02}"),
        "Belegfeld 1": number(doc),
        "Buchungstext": f"Zahlung {doc.customer.name}",
        "Festschreibung": _Plain(1),
    }


def _amount(doc: Document) -> Mapping[str, object]:
    """With tax, without a sign; an amount in another currency brings its rate (units for a euro) and what it is in euros."""
    gross = _Plain(comma(abs(doc.net + doc.tax)))
    if doc.customer.currency == "EUR":
        return {"Umsatz (ohne Soll/Haben-Kz)": gross}
    return {
        "Umsatz (ohne Soll/Haben-Kz)": gross,
        "WKZ Umsatz": doc.customer.currency,
        "Kurs": _Plain(comma(1 / EUROS_PER[doc.customer.currency], 6)),
        "Basis-Umsatz": _Plain(comma(abs(doc.local_gross))),
        "WKZ Basis-Umsatz": "EUR",
    }


def number(doc: Document) -> str:
    """Belegfeld 1."""
    return f"{'GS' if doc.kind == 'credit_note' else 'RE'}{doc.day:%y}-{doc.position:03}"


def _debtors() -> bytes:
    """Debtors, and a supplier, who stands in the same file."""
    head = (
        '"EXTF";700;16;"Debitoren/Kreditoren";5;20260105060000000;;"RE";"";"";29098;55003;20250101;4;;;"Stammdaten";"";;;;"";'
        ';"";;;"03";;;"";""\r\n'
    )
    people = [(c.number, c.name, c.postal_code, c.city, c.country, 30000) for c in CUSTOMERS]
    people.append((70001, "Gießerei Hörmann GmbH", "58095", "Hagen", "DE", 0))
    rows: list[Row] = []
    for account, name, postal_code, city, country, limit in people:
        known = {
            "Konto": _Plain(account),
            "Name (Adressattyp Unternehmen)": name,
            "Adressattyp": "2",
            "Kurzbezeichnung": name.split()[0][:15],
            "Adressart": "STR",
            "Postleitzahl": postal_code,
            "Ort": city,
            "Land": country,
            "Kreditlimit (Debitor)": _Plain(limit) if limit else None,
            "Fälligkeit in Tagen (Debitor)": _Plain(business.TERMS_DAYS) if limit else None,
        }
        rows.append([known.get(column) for column in DEBTOR])
    return (head + ";".join(DEBTOR) + "\r\n" + delimited(rows, ";", quoted="text")).encode("cp1252")


def _trial_balance(year: int, month: int) -> bytes:
    """What was debited and credited in the month and in the year so far; a line of sums at the end."""
    own: dict[int, list[Decimal]] = {}
    so_far: dict[int, list[Decimal]] = {}
    before: dict[int, list[Decimal]] = {}
    for day, account, amount in _postings():
        is_carried = day.year < year and account < FIRST_OF_RESULT
        is_in_year = day.year == year and day.month <= month
        for sums, is_meant in ((own, is_in_year and day.month == month), (so_far, is_in_year), (before, is_carried)):
            if is_meant:
                sums.setdefault(account, [Decimal(0), Decimal(0)])[amount < 0] += abs(amount)
    columns = (
        "Konto;Beschriftung;EB-Wert Soll;EB-Wert Haben;Monatswert Soll;Monatswert Haben;Kumuliert Soll;Kumuliert Haben"
    )
    rows: list[Row] = [columns.split(";")]
    nothing = [Decimal(0), Decimal(0)]
    totals = [Decimal(0)] * 6
    for account in sorted({*so_far, *before}):
        debit, credit = before.get(account, nothing)
        opening = [max(debit - credit, Decimal(0)), max(credit - debit, Decimal(0))]
        amounts = [*opening, *own.get(account, nothing), *so_far.get(account, nothing)]
        rows.append([account, NAMES[account], *map(german, amounts)])
        totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
    rows.append(["Summe", "", *map(german, totals)])
    return delimited(rows, ";").encode("cp1252")


def _postings() -> Iterator[tuple[date, int, Decimal]]:
    for doc in DOCUMENTS:
        account = 8200 if doc.position == KEYED else ACCOUNTS[doc.customer.revenue_kind]
        yield doc.day, account, -doc.local_net
        yield doc.day, 1400, doc.local_gross
        if doc.local_tax:
            yield doc.day, 1776, -doc.local_tax
    for doc, paid in business.payments():
        yield paid, 1400, -doc.local_gross
        yield paid, 1200, doc.local_gross
