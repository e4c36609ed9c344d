"""A small company as a newcomer delivers it: typed rows, the files they are written to, the mapping that reads them, and its true totals.

Belongs here: healthy companies in many shapes (names of columns, German, American and ISO writing, which tables there are). Not here: what
goes wrong with them (defects.py), what the product makes of them (judging.py).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from pipelines.months import month_end

AS_OF: Final = date(2025, 12, 31)
METHOD: Final = Path(__file__).parents[1] / "golden" / "config" / "portfolio.yml"

Row = dict[str, Any]
Totals = Mapping[str, Mapping[str, Decimal]]
"""Customer -> measure -> sum over the twelve months up to AS_OF, in EUR."""

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "customer_id": ("Kunde", "Kd-Nr.", "Cust No", "KUNNR", "customer"),
    "customer_name": ("Name", "Firma", "Name 1", "Customer Name"),
    "postal_code": ("PLZ", "ZIP", "PSTLZ"),
    "credit_limit": ("Limit", "Kreditlimit", "KLIMK"),
    "invoice_id": ("Beleg", "Rechnung Nr.", "VBELN", "Invoice"),
    "line_no": ("Pos", "POSNR", "Line"),
    "doc_type": ("Art", "FKART", "Type"),
    "posting_date": ("Datum", "Buchungsdatum", "FKDAT", "Date"),
    "product_group": ("Gruppe", "Warengruppe", "MATKL", "Group"),
    "gross_list_amount": ("Brutto", "Listenwert", "Amount", "KZWI1"),
    "revenue_deductions": ("Rabatt", "Abzüge", "Discount"),
    "cogs": ("WE", "Einstand", "Cost", "WAVWR"),
    "currency_code": ("Wae", "Währung", "Curr"),
    "local_net_amount": ("NettoHW", "Net LC"),
    "company_id": ("BK", "Mandant", "Entity"),
    "cost_type": ("Kostenart", "Kind"),
    "amount": ("Betrag", "Value"),
    "period": ("Periode", "Month"),
    "account_group": ("Konto", "Account"),
    "rate_date": ("Tag", "Rate date"),
    "units_per_reporting_currency": ("Kurs", "Rate"),
    "account_id": ("CRM-Konto", "AccountId"),
    "account_name": ("Kontoname", "Account Name"),
    "activity_id": ("Id", "Vorgang"),
    "activity_type": ("Aktivität", "What"),
    "activity_at": ("Am", "When"),
    "recorded_at": ("Erfasst", "Created"),
    "duration_minutes": ("Min", "Minutes"),
    "rep_id": ("Wer", "Owner"),
    "status": ("Status", "Zustand"),
}
"""Our columns -> what others call them. `status` is none of ours: mappings filter by it."""

CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "doc_type": {"RE": "invoice", "GU": "credit_note"},
    "cost_type": {"MK": "marketing", "FR": "service_logistics"},
    "activity_type": {"Besuch": "visit", "Anruf": "call"},
}
CONSTANTS: Final[Mapping[str, Mapping[str, str]]] = {
    "customers": {"relationship_type": "customer", "currency_code": "EUR"},
    "invoice_lines": {"company_id": "1", "currency_code": "EUR"},
    "direct_costs": {"company_id": "1", "currency_code": "EUR"},
    "ledger_totals": {"company_id": "1"},
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a system writes files."""

    delimiter: str
    encoding: str
    decimal: str
    thousands: str | None
    date: str
    timestamp: str

    def declared(self) -> dict[str, Any]:
        """The same as a format of sources.yml."""
        written = {"kind": "csv", "delimiter": self.delimiter, "encoding": self.encoding, "decimal": self.decimal}
        return {**written, **({"thousands": self.thousands} if self.thousands else {}), "date": self.date,
                "timestamp": self.timestamp}  # fmt: skip

    def text(self, value: object) -> str:
        """A value as this system writes it."""
        if value is None:
            return ""
        if isinstance(value, Decimal):
            return self._number(value)
        if isinstance(value, datetime):
            return value.strftime(_directives(self.timestamp, is_moment=True))
        if isinstance(value, date):
            return value.strftime(_directives(self.date, is_moment=False))
        text = str(value)
        return f'"{text}"' if self.delimiter in text or '"' in text or "\n" in text else text

    def _number(self, value: Decimal) -> str:
        whole, _, places = f"{abs(value):f}".partition(".")
        if self.thousands:
            whole = f"{int(whole):,}".replace(",", self.thousands)
        sign = "-" if value < 0 else ""
        return f"{sign}{whole}{self.decimal + places if places else ''}"


STYLES: Final = (
    Style(";", "utf-8", ",", ".", "dd.mm.yyyy", "dd.mm.yyyy hh:mm:ss"),
    Style(";", "windows-1252", ",", ".", "dd.mm.yyyy", "dd.mm.yyyy hh:mm:ss"),
    Style("\t", "utf-8", ",", None, "dd.mm.yy", "dd.mm.yyyy hh:mm:ss"),
    Style(",", "utf-8", ".", None, "yyyy-mm-dd", "yyyy-mm-ddThh:mm:ss"),
    Style("|", "utf-8", ".", ",", "mm/dd/yyyy", "mm/dd/yyyy hh:mm:ss"),
)
"""The first one is the German one, the last the American one."""


def _directives(pattern: str, *, is_moment: bool) -> str:
    parts = (("yyyy", "%Y"), ("yy", "%y"), ("dd", "%d"), ("hh:mm:ss", "%H:%M:%S" if is_moment else ""), ("mm", "%m"))
    for token, directive in parts:
        pattern = pattern.replace(token, directive)
    return pattern


@dataclass
class Draft:
    """A company that may still be spoilt. `written` is how its files are written, `formats` what its mapping says of them.

    `of_file` and `mapping` hold further words of sources.yml by file and by table. `deliveries` are what files become after they were
    written (path -> bytes), `again` makes the rows of a second delivery, which follows a published first one.
    """

    seed: int
    rng: random.Random
    style: Style
    tables: dict[str, list[Row]]
    names: dict[str, str]
    true: Totals
    written: Style
    formats: dict[str, dict[str, Any]] = field(default_factory=dict)
    of_file: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    mapping: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    afterwards: list[Callable[[dict[str, bytes]], None]] = field(default_factory=list)
    again: Callable[[dict[str, list[Row]]], None] | None = None

    def files(self, tables: Mapping[str, list[Row]] | None = None) -> dict[str, bytes]:
        """Path -> bytes of everything that is delivered."""
        rows_of = self.tables if tables is None else tables
        files = {f"{table}.csv": self.file(rows, self._columns(table)) for table, rows in rows_of.items()}
        for change in self.afterwards:
            change(files)
        return files

    def _columns(self, table: str) -> list[str]:
        """Of the rows as they were drafted: an empty table has its header all the same."""
        return list(dict.fromkeys(column for row in self.tables[table] for column in row))

    def file(self, rows: list[Row], columns: list[str]) -> bytes:
        """One file as the company's system writes it."""
        lines = [self.written.delimiter.join(self.names[column] for column in columns)]
        lines += [self.written.delimiter.join(self._cell(row.get(column)) for column in columns) for row in rows]
        return ("\n".join(lines) + "\n").encode("cp1252" if self.written.encoding == "windows-1252" else "utf-8")

    def _cell(self, value: object) -> str:
        return str(value) if isinstance(value, Raw) else self.written.text(value)

    def sources(self, root: Path, delivered_at: str) -> str:
        """sources.yml."""
        formats = {"own": self.style.declared(), **self.formats}
        files: dict[str, Any] = {}
        tables: dict[str, Any] = {}
        for table in self.tables:
            files[table] = {
                "path": f"{table}.csv",
                "format": "own",
                "delivered_at": delivered_at,
                **self.of_file[table],
            }
            columns = [column for column in self._columns(table) if column != "status"]
            constants = {n: v for n, v in CONSTANTS.get(table, {}).items() if n not in columns}
            values = {column: dict(CODES[column]) for column in columns if column in CODES}
            words = {"from": table, "columns": {column: self.names[column] for column in columns}}
            tables[table] = {**words, "constants": constants, "values": values}
            for word, said in self.mapping[table].items():
                is_block = isinstance(said, dict) and isinstance(tables[table].get(word), dict)
                tables[table][word] = {**tables[table][word], **said} if is_block else said
            tables[table] = {word: said for word, said in tables[table].items() if said not in (None, {})}
        for name in sorted(set(self.of_file) - set(self.tables)):
            files[name] = {"format": "own", "delivered_at": delivered_at, **self.of_file[name]}
        head = {"version": 1, "company": f"Company {self.seed}", "root": str(root), "time_zone": "Europe/Berlin"}
        text = yaml.safe_dump(
            {**head, "formats": formats, "files": files, "tables": tables}, allow_unicode=True, sort_keys=False
        )
        return text.replace(f"'{delivered_at}'", delivered_at)


class Raw(str):
    """A cell that is written as it stands."""

    __slots__ = ()


def cents(value: Decimal | float) -> Decimal:
    """Rounded half away from zero, as the product rounds."""
    return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


def draft(seed: int) -> Draft:
    """A healthy company: two to six tables, twelve to fourteen months."""
    rng = random.Random(seed)  # noqa: S311 - companies, no secrets
    customers = [f"{10000 + 7 * number}" for number in range(rng.randint(8, 14))]
    has_zeros = rng.random() < 0.3
    customers = [f"00{customer}" if has_zeros else customer for customer in customers]
    months = [month_end(AS_OF, -back) for back in reversed(range(rng.randint(12, 14)))]
    tables: dict[str, list[Row]] = {
        "customers": [
            {"customer_id": customer, "customer_name": f"{rng.choice(('Müller', 'Ace', 'Nord', 'Weiß'))} {customer}"}
            for customer in customers
        ],
        "invoice_lines": _lines(rng, customers, months),
    }
    if rng.random() < 0.5:
        tables["direct_costs"] = [
            {"customer_id": customer, "cost_type": kind, "posting_date": month - timedelta(days=rng.randint(0, 9)),
             "amount": cents(rng.randint(2_00, 90_00) / 100)}
            for month in months for customer in customers for kind in ("MK", "FR") if rng.random() < 0.4
        ]  # fmt: skip
    if rng.random() < 0.35:
        tables["accounts"], tables["activities"] = _crm(rng, customers, months)
    names = {column: rng.choice(others) for column, others in NAMES.items()}
    style = rng.choice(STYLES)
    return Draft(seed, rng, style, tables, names, totals(tables), style)


def _lines(rng: random.Random, customers: list[str], months: list[date]) -> list[Row]:
    size = rng.choice((1, 1, 20))
    base = {customer: size * rng.randint(300, 4000) for customer in customers}
    groups = [rng.choice(("Türgriffe", "Schrauben", "Größe L", "Kessel")), "Dienste", "PU"]
    lines: list[Row] = []
    for month in months:
        for place, customer in enumerate(customers):
            invoice = f"R{month:%y%m}{place:03}"
            for number in range(1, rng.randint(2, 3)):
                gross = cents(base[customer] * rng.uniform(0.85, 1.15))
                is_back = rng.random() < 0.03
                sign = -1 if is_back else 1
                gross = cents(gross / 4) if is_back else gross
                lines.append(
                    {
                        "invoice_id": f"{invoice}G" if is_back else invoice,
                        "line_no": number,
                        "doc_type": "GU" if is_back else "RE",
                        # The last days of a month are always posted in.
                        "posting_date": month.replace(day=26 if place == 0 else rng.randint(2, 27)),
                        "customer_id": customer,
                        "product_group": rng.choice(groups),
                        "gross_list_amount": sign * gross,
                        "revenue_deductions": sign * cents(gross * Decimal(rng.choice(("0.05", "0.1", "0.03")))),
                        "cogs": sign * cents(gross * Decimal(rng.choice(("0.5", "0.62", "0.7")))),
                    }
                )
    return lines


def _crm(rng: random.Random, customers: list[str], months: list[date]) -> tuple[list[Row], list[Row]]:
    accounts = [
        {"account_id": f"A{customer}", "customer_id": customer, "account_name": f"Konto {customer}"}
        for customer in customers
    ]
    activities: list[Row] = []
    for month in months:
        for customer in customers:
            for hour in rng.sample((9, 11, 14), rng.randint(0, 2)):
                day = datetime(month.year, month.month, rng.randint(2, 24), hour)  # noqa: DTZ001 - the company's own time
                activities.append(
                    {
                        "activity_id": f"T{len(activities)}", "account_id": f"A{customer}",
                        "activity_type": rng.choice(("Besuch", "Anruf")), "activity_at": day,
                        "recorded_at": day + timedelta(hours=3), "duration_minutes": rng.choice((30, 60, 90)), "rep_id": f"r{hour}",
                    }
                )  # fmt: skip
    return accounts, activities


def totals(tables: Mapping[str, list[Row]], rates: Mapping[str, Decimal] | None = None) -> Totals:
    """What is true of these rows, whoever delivers them how; `rates` are units of a currency per EUR."""
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in _within(tables, "invoice_lines", "posting_date"):
        rate = (rates or {}).get(line.get("currency_code", "EUR"), Decimal(1))
        own = found[line["customer_id"]]
        own["net_revenue"] += cents(line["gross_list_amount"] / rate) - cents(line["revenue_deductions"] / rate)
        own["cogs"] += cents(line["cogs"] / rate)
    for cost in _within(tables, "direct_costs", "posting_date"):
        name = "marketing_cost" if cost["cost_type"] == "MK" else "service_logistics_cost"
        found[cost["customer_id"]][name] += cost["amount"]
    for activity in _within(tables, "activities", "activity_at"):
        found[activity["account_id"].removeprefix("A")]["hours"] += Decimal(activity["duration_minutes"]) / 60
    return found


def _within(tables: Mapping[str, list[Row]], table: str, column: str) -> list[Row]:
    first = date(AS_OF.year, 1, 1)
    rows = tables.get(table, [])
    return [row for row in rows if first <= date(*row[column].timetuple()[:3]) <= AS_OF]
