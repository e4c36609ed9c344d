"""A company in Tryton, filled through its own client library: what it sold, credited, was paid and hopes to sell in two years.

Run by the Python of `make tryton`, never by the project's own: `python fill.py DATABASE_URI`, on a database whose modules are activated.
Belongs here: what happens in the company, decided by a seed. Not here: what Tryton makes of it (ask.py).

Records go to Tryton in lists, as its own methods take them: one call for a month's invoices, not one for each. What belongs to a fiscal
year has sequences of its own, so a process for each year fills beside the other.
"""

from __future__ import annotations

import gc
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import trytond.config
from proteus import Model, Wizard
from proteus import config as proteus_config
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, create_tax
from trytond.modules.company.tests.tools import create_company, get_company
from trytond.modules.currency.tests.tools import get_currency
from trytond.transaction import Transaction

SEED: Final = 10
YEARS: Final = (2024, 2025)
LAST_DAY: Final = date(2025, 12, 31)
CUSTOMERS, LEADS, PRODUCTS = 220, 30, 24
INVOICES_A_MONTH: Final = 84
FIRST_CUSTOMERS: Final = (
    "Adler Pumpen GmbH",
    "Żabka Hydraulika Sp. z o.o.",
    "O'Neill & Söhne; Werk 2",
    'Café "Zum Ölhafen"',
)
COUNTRIES: Final = ("DE",) * 4 + ("AT", "FR", "PL", "NL", "CH", "US")
CURRENCY_OF: Final = {"CH": "CHF", "US": "USD"}
GROUPS: Final = ("Pumps", "Valves", "Service")
UNIT: Final = {"name": "Piece or part", "symbol": "pc", "rate": 1.0, "factor": 1.0, "rounding": 0.001, "digits": 3}
CENT: Final = Decimal("0.01")


class Tryton:
    """One connection and its company. Methods of models are called as `tryton.call("party.party", "create", values)`."""

    def __init__(self, database: str) -> None:
        # A printed invoice and the like are tasks of a worker that nobody started.
        trytond.config.set("queue", "worker", "True")
        trytond.config.set("cache", "record", "100000")
        gc.set_threshold(100_000)
        _lock_at_once()
        self.config = proteus_config.set_trytond(database)
        # Nobody is there to confirm what Tryton asks twice.
        self.config.skip_warning = True

    def call(self, model: str, method: str, *arguments: Any) -> Any:
        """Call a method of a model on the server."""
        return getattr(self.config.get_proxy(model), method)(*arguments, self.config.context)

    def create(self, model: str, values: Sequence[dict[str, Any]]) -> list[int]:
        """Create records, their ids in order."""
        found: list[int] = self.call(model, "create", list(values)) if values else []
        return found

    def read(self, model: str, ids: Sequence[int], names: Sequence[str]) -> list[dict[str, Any]]:
        """Fields of records, in the order of `ids`."""
        by_id = {row["id"]: row for row in self.call(model, "read", list(ids), ["id", *names])}
        return [by_id[each] for each in ids]

    def find(self, model: str, condition: Sequence[Any], names: Sequence[str]) -> list[dict[str, Any]]:
        """Fields of the records a condition holds for, in the order they were made."""
        return list(self.call(model, "search_read", list(condition), 0, None, [("id", "ASC")], ["id", *names]))

    def ids(self, model: str, condition: Sequence[Any]) -> list[int]:
        """The records a condition holds for, in the order they were made."""
        return [read["id"] for read in self.find(model, condition, [])]

    def one(self, model: str, **wanted: Any) -> Any:
        """The only record whose fields are as `wanted`."""
        (record,) = Model.get(model).find([(name.replace("__", "."), "=", value) for name, value in wanted.items()])
        return record


def _lock_at_once() -> None:
    """Lock what an earlier call had to lock when a call begins: Tryton else notices late and begins the whole call again."""
    start, known = Transaction.start, defaultdict(set)

    def start_with_locks(self: Transaction, *arguments: Any, **options: Any) -> Any:
        for table, ids in options.get("_lock_records", {}).items():
            known[table] |= set(ids)
        if known and not options.get("readonly"):
            options["_lock_records"] = {table: set(ids) for table, ids in known.items()}
        return start(self, *arguments, **options)

    Transaction.start = start_with_locks


def fill(database: str) -> None:
    """Fill the empty `database`."""
    tryton = Tryton(database)
    found_company(tryton)
    company = know(tryton)
    create_products(tryton, chance_of("products"), company)
    create_parties(tryton, chance_of("parties"), company)
    workers = [subprocess.Popen([sys.executable, *sys.orig_argv[1:], str(year)]) for year in YEARS]
    failed = [worker.args for worker in workers if worker.wait()]
    if failed:
        raise SystemExit(f"not filled: {failed}")
    company = know(tryton)
    pay(tryton, chance_of("later payments"), company, YEARS[-1], invoices_of=YEARS[0])
    pay_on_account(tryton, chance_of("on account"), company)
    hope(tryton, chance_of("opportunities"), company)


def fill_year(database: str, year: int) -> None:
    """Sell and be paid in a fiscal year."""
    tryton = Tryton(database)
    company = know(tryton)
    sell(tryton, chance_of(f"sales {year}"), company, year)
    pay(tryton, chance_of(f"payments {year}"), company, year, invoices_of=year)


def chance_of(what: str) -> random.Random:
    return random.Random(f"{SEED} {what}")  # noqa: S311 - a seed, no secret


# --- the company -----------------------------------------------------------------------------------------------------


def found_company(tryton: Tryton) -> None:
    """Company, fiscal years, chart of accounts, currencies with monthly rates, tax and payment terms."""
    euro = get_currency("EUR")
    euro.rates[0].rate = Decimal(1)
    euro.save()
    party = Model.get("party.party")(name="Nordlicht Pumpen GmbH")
    party.save()
    create_company(party, euro)
    company = get_company()
    company.timezone = "Europe/Berlin"
    company.cancel_invoice_out = True
    company.save()
    tryton.config.set_context(company=company.id)
    for code, rate in (("CHF", Decimal("0.95")), ("USD", Decimal("1.10"))):
        currency = Model.get("currency.currency")(name=code, code=code, rounding=CENT)
        for number, first in enumerate(first for year in YEARS for first in months(year)):
            currency.rates.new(date=first, rate=rate + Decimal(number % 7) / 100)
        currency.save()
    create_chart(company)
    new_sequence = Model.get("ir.sequence.strict")
    invoice_sequence = tryton.one("ir.sequence.type", name="Invoice")
    for year in YEARS:
        fiscal_year = create_fiscalyear(company, (date(year, 1, 1), date(year, 12, 31)))
        fiscal_year.name = str(year)
        fiscal_year.start_date, fiscal_year.end_date = date(year, 1, 1), date(year, 12, 31)
        (sequences,) = fiscal_year.invoice_sequences
        for kind, letter in (
            ("out_invoice", "R"),
            ("out_credit_note", "G"),
            ("in_invoice", "E"),
            ("in_credit_note", "F"),
        ):
            sequence = new_sequence(
                name=f"{letter}{year}",
                prefix=f"{letter}{year}-",
                padding=5,
                sequence_type=invoice_sequence,
                company=company,
            )
            sequence.save()
            setattr(sequences, f"{kind}_sequence", sequence)
        fiscal_year.save()
        fiscal_year.click("create_period")
    tax = create_tax(Decimal("0.19"))
    tax.save()
    for name, parts in (
        ("14 days", ((14, None),)),
        ("30 days", ((30, None),)),
        ("half now, half in 60 days", ((0, "0.5"), (60, None))),
    ):
        term = Model.get("account.invoice.payment_term")(name=name)
        for days, share in parts:
            line = term.lines.new(type="percent_on_total" if share else "remainder")
            if share:
                line.ratio = Decimal(share)
            line.relativedeltas.new(days=days)
        term.save()
    # Where the parts of an invoice in another currency do not add up to the cent in euros.
    settings = Model.get("account.configuration")(1)
    settings.currency_exchange_journal = tryton.one("account.journal", code="EXC")
    settings.currency_exchange_credit_account = settings.currency_exchange_debit_account = tryton.one(
        "account.account", code="6.2.1"
    )
    settings.save()
    tryton.create(
        "account.journal.period",
        [
            {"journal": tryton.one("account.journal", code=code).id, "period": period}
            for code in ("REV", "CASH")
            for period in sorted(tryton.ids("account.period", []))
        ],
    )
    tryton.create("product.uom", [UNIT | {"category": tryton.one("product.uom.category", name="Units").id}])


def know(tryton: Tryton) -> dict[str, Any]:
    """Ids of what a company has: accounts, journals, products, customers and so on."""
    company = get_company()
    # As Tryton's own server code books: a payment clears an invoice without asking who may clear it.
    tryton.config.set_context(company=company.id, _check_access=False)
    accounts = {read["code"]: read["id"] for read in tryton.find("account.account", [("code", "!=", None)], ["code"])}
    products = tryton.find("product.product", [], ["list_price_used", "type"])
    parties = tryton.find("party.party", [("code", "like", "00%")], ["addresses", "customer_payment_term"])
    countries = {read["id"]: read["code"] for read in tryton.find("country.country", [], ["code"])}
    addresses = {read["id"]: read["country"] for read in tryton.find("party.address", [], ["country"])}
    currencies = {each.code: each.id for each in Model.get("currency.currency").find([])}
    known = {
        "id": company.id,
        "currencies": currencies,
        "accounts": accounts,
        "tax": sum(tryton.ids("account.tax", [])),
        "terms": tryton.ids("account.invoice.payment_term", []),
        "sales": tryton.one("account.journal", code="REV").id,
        "bank": tryton.one("account.journal", code="CASH").id,
        "unit": sum(tryton.ids("product.uom", [("symbol", "=", UNIT["symbol"])])),
        "products": [
            {
                "id": read["id"],
                "price": read["list_price_used"],
                "account": accounts["4.1.2" if read["type"] == "service" else "4.1.1"],
            }
            for read in products
        ],
        "parties": [],
    }
    for number, read in enumerate(parties):
        country = countries[addresses[read["addresses"][0]]]
        known["parties"].append(
            {
                "id": read["id"],
                "address": read["addresses"][0],
                "country": country,
                "currency": currencies[CURRENCY_OF.get(country, "EUR")],
                "term": read["customer_payment_term"],
                "weight": 1 / (1 + number % 97),
                # How late the customer pays, in days; some are early.
                "late": number * 7 % 45 - 5,
            }
        )
    known["customers"] = known["parties"][:CUSTOMERS]
    return known


def months(year: int) -> list[date]:
    """The first days of a year's months."""
    return [date(year, month, 1) for month in range(1, 13)]


def create_products(tryton: Tryton, chance: random.Random, company: dict[str, Any]) -> None:
    """Products with list and cost price; one template each."""
    categories = tryton.create(
        "product.category",
        [{"name": name} for name in GROUPS]
        + [
            {
                "name": f"{name}, accounts",
                "accounting": True,
                "account_revenue": company["accounts"][code],
                "account_expense": company["accounts"]["5.1.1"],
                "customer_taxes": [("add", [company["tax"]])],
            }
            for name, code in (("goods", "4.1.1"), ("services", "4.1.2"))
        ],
    )
    made = []
    for number in range(PRODUCTS):
        group = number % len(GROUPS)
        service = GROUPS[group] == "Service"
        price = Decimal(chance.randrange(2_000, 400_000)) / 100
        made.append(
            {
                "name": f"{GROUPS[group]} {number + 1:02}",
                "type": "service" if service else "goods",
                "default_uom": company["unit"],
                "sale_uom": company["unit"],
                "salable": True,
                "categories": [("add", [categories[group]])],
                "account_category": categories[len(GROUPS) + service],
                "list_price": price,
                "products": [
                    (
                        "create",
                        [
                            {
                                "suffix_code": f"P-{number + 1:03}",
                                "cost_price": (price * Decimal("0.6137")).quantize(Decimal("0.0001")),
                            }
                        ],
                    )
                ],
            }
        )
    tryton.create("product.template", made)


def create_parties(tryton: Tryton, chance: random.Random, company: dict[str, Any]) -> None:
    """Customers, then leads: those who have only an address."""
    codes = sorted(set(COUNTRIES))
    countries = dict(
        zip(codes, tryton.create("country.country", [{"name": code, "code": code} for code in codes]), strict=True)
    )
    values = []
    for number in range(CUSTOMERS + LEADS):
        name = f"{'Kunde' if number < CUSTOMERS else 'Anfrage'} {number + 1:03}"
        country = chance.choice(COUNTRIES)
        if number < len(FIRST_CUSTOMERS):
            name, country = FIRST_CUSTOMERS[number], "DE"
        values.append(
            {
                "name": name,
                "code": f"{20001 + number:07}",
                "customer_payment_term": chance.choice(company["terms"]),
                "addresses": [
                    ("create", [{"country": countries[country], "city": "Hagen", "postal_code": f"0{4000 + number}"}])
                ],
            }
        )
    tryton.create("party.party", values)


# --- invoices --------------------------------------------------------------------------------------------------------


def sell(tryton: Tryton, chance: random.Random, company: dict[str, Any], year: int) -> None:
    """Post invoices and credit notes, a month after the other: Tryton numbers them by their days."""
    customers = company["customers"]
    weights = [customer["weight"] for customer in customers]
    for number, first in enumerate(months(year)):
        buyers = chance.choices(customers, weights, k=INVOICES_A_MONTH)
        if year == YEARS[0]:
            # Whoever is a customer bought once.
            buyers[: len(customers) // 12 + 1] = customers[number::12]
        days = sorted(first + timedelta(days=chance.randrange(28)) for _ in buyers)
        values = [invoice(chance, company, buyer, day) for buyer, day in zip(buyers, days, strict=True)]
        tryton.call("account.invoice", "post", tryton.create("account.invoice", values))
        if first.month % 3 == 0:
            credit(tryton, chance, first)


def invoice(chance: random.Random, company: dict[str, Any], buyer: dict[str, Any], day: date) -> dict[str, Any]:
    """Values of an invoice: some lines of products, sometimes a rebate on an account of its own."""
    lines = []
    total = Decimal(0)
    for product in chance.sample(company["products"], chance.choice((1, 1, 1, 1, 2, 2, 3))):
        # Quantities with places and prices of four places: what they make has to be rounded to cents.
        quantity = chance.choice((1, 2, 3, 10, 2.5, 0.75, 1.125))
        price = (product["price"] * Decimal(chance.choice(("1", "1", "0.95", "0.8875")))).quantize(Decimal("0.0001"))
        total += (Decimal(str(quantity)) * price).quantize(CENT)
        lines.append(
            line(company, buyer, product["account"], quantity, price)
            | {"product": product["id"], "unit": company["unit"]}
        )
    if chance.random() < 0.15:
        rebate = (total * Decimal("-0.03")).quantize(CENT)
        lines.append(line(company, buyer, company["accounts"]["4.3.1"], 1, rebate) | {"description": "Rebate"})
    return {
        "type": "out",
        "company": company["id"],
        "party": buyer["id"],
        "invoice_address": buyer["address"],
        "currency": buyer["currency"],
        "journal": company["sales"],
        "account": company["accounts"]["1.2.1"],
        "payment_term": buyer["term"],
        "invoice_date": day,
        "payment_term_date": day,
        "lines": [("create", lines)],
    }


def line(
    company: dict[str, Any], buyer: dict[str, Any], account: int, quantity: float, price: Decimal
) -> dict[str, Any]:
    return {
        "type": "line",
        "company": company["id"],
        "currency": buyer["currency"],
        "account": account,
        "quantity": quantity,
        "unit_price": price,
        "taxes": [("add", [company["tax"]])] if buyer["country"] == "DE" else [],
    }


def credit(tryton: Tryton, chance: random.Random, first: date) -> None:
    """Credit notes at the end of a quarter: most credit an invoice, two cancel it; and invoices cancelled without a credit note."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    in_month = [("invoice_date", ">=", first), ("invoice_date", "<=", last)]
    those = sorted(tryton.find("account.invoice", in_month, ["number"]), key=lambda read: read["number"])
    chosen = chance.sample(those, 9)
    for is_refund, part in ((True, chosen[:2]), (False, chosen[2:7])):
        credited = Wizard("account.invoice.credit", [Model.get("account.invoice")(read["id"]) for read in part])
        credited.form.invoice_date = last
        credited.form.with_refund = is_refund
        credited.execute("credit")
        if not is_refund:
            drafts = tryton.ids("account.invoice", [("state", "=", "draft"), ("invoice_date", "=", last)])
            tryton.call("account.invoice", "post", drafts)
    tryton.call("account.invoice", "cancel", [read["id"] for read in chosen[7:]])


def in_year(name: str, year: int) -> list[Any]:
    """The condition that a date is in a year."""
    return [(name, ">=", date(year, 1, 1)), (name, "<=", date(year, 12, 31))]


# --- payments --------------------------------------------------------------------------------------------------------


def pay(tryton: Tryton, chance: random.Random, company: dict[str, Any], year: int, invoices_of: int) -> None:
    """Post a year's payments of the invoices of a year: most in full, some in part, some not at all."""
    late = {customer["id"]: customer["late"] for customer in company["customers"]}
    open_ones = [*in_year("invoice_date", invoices_of), ("state", "=", "posted")]
    invoices = tryton.find("account.invoice", open_ones, ["number", "party", "lines_to_pay"])
    lines = {
        read["id"]: read
        for read in tryton.read(
            "account.move.line",
            [each for read in invoices for each in read["lines_to_pay"]],
            ["debit", "credit", "maturity_date", "second_currency", "amount_second_currency", "reconciliation"],
        )
    }
    payments = []
    for read in sorted(invoices, key=lambda read: read["number"]):
        for each in sorted(read["lines_to_pay"]):
            due = lines[each]
            day = due["maturity_date"] + timedelta(days=late[read["party"]] + len(payments) % 10)
            share = chance.choices((Decimal(1), Decimal("0.5"), None), (80, 5, 15))[0]
            # A credit note is set off like a payment, the other way round.
            if share is not None and day.year == year and not due["reconciliation"]:
                payments.append(
                    {"invoice": read["id"], "party": read["party"], "line": each, "day": day, "share": share} | due
                )
    book(tryton, company, sorted(payments, key=lambda payment: payment["day"]))
    tryton.call("account.invoice", "process", tryton.ids("account.invoice", open_ones))


def pay_on_account(tryton: Tryton, chance: random.Random, company: dict[str, Any]) -> None:
    """Payments of no invoice."""
    book(
        tryton,
        company,
        [
            {
                "invoice": None,
                "party": chance.choice(company["customers"])["id"],
                "day": LAST_DAY - timedelta(days=number),
                "share": Decimal(1),
            }
            | {
                "debit": Decimal(1000 + number),
                "credit": Decimal(0),
                "second_currency": None,
                "amount_second_currency": None,
            }
            for number in range(5)
        ],
    )


def book(tryton: Tryton, company: dict[str, Any], payments: list[dict[str, Any]]) -> None:
    """Post payments, and set those of a whole line off against it."""
    periods = {
        period["start_date"].replace(day=1): period["id"]
        for period in tryton.find("account.period", [], ["start_date"])
    }
    for part in slices(payments):
        moves = tryton.create("account.move", [payment_move(company, periods, each) for each in part])
        tryton.call("account.move", "post", moves)
        at = {
            read["move"]: read["id"]
            for read in tryton.find("account.move.line", [("move", "in", moves), ("party", "!=", None)], ["move"])
        }
        settled = [(each, at[move]) for each, move in zip(part, moves, strict=True) if each["invoice"] is not None]
        of_invoice = defaultdict(list)
        for each, with_line in settled:
            of_invoice[each["invoice"]].append(with_line)
        if of_invoice:
            values = (
                word for which, own in of_invoice.items() for word in ([which], {"payment_lines": [("add", own)]})
            )
            tryton.call("account.invoice", "write", *values)
        tryton.create(
            "account.move.reconciliation",
            [
                {"company": company["id"], "date": each["day"], "lines": [("add", [each["line"], with_line])]}
                for each, with_line in settled
                if each["share"] == 1
            ],
        )


def payment_move(company: dict[str, Any], periods: dict[date, int], payment: dict[str, Any]) -> dict[str, Any]:
    """Values of the move that pays a receivable line, or its share: the line turned round, and the bank."""
    share = payment["share"]
    debit, credit = ((payment[side] * share).quantize(CENT) for side in ("debit", "credit"))
    second = payment["second_currency"]
    amount = (payment["amount_second_currency"] * share).quantize(CENT) if second else None
    lines = [
        {"account": company["accounts"]["1.2.1"], "party": payment["party"], "debit": credit, "credit": debit},
        {"account": company["accounts"]["1.1.1"], "debit": debit, "credit": credit},
    ]
    if second:
        lines[0] |= {"second_currency": second, "amount_second_currency": -amount}
        lines[1] |= {"second_currency": second, "amount_second_currency": amount}
    return {
        "company": company["id"],
        "journal": company["bank"],
        "period": periods[payment["day"].replace(day=1)],
        "date": payment["day"],
        "lines": [("create", lines)],
    }


def slices(rows: list[Any], size: int = 500) -> Iterator[list[Any]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


# --- opportunities ---------------------------------------------------------------------------------------------------


def hope(tryton: Tryton, chance: random.Random, company: dict[str, Any]) -> None:
    """Opportunities in every state; won ones became orders, whose invoices are drafts that nobody has posted."""
    people = tryton.create("party.party", [{"name": f"Person {number}"} for number in range(3)])
    employees = tryton.create("company.employee", [{"party": each, "company": company["id"]} for each in people])
    fates = ["lead"] * 25 + ["opportunity"] * 45 + ["converted"] * 10 + ["won"] * 25 + ["lost"] * 12 + ["cancelled"] * 3
    values = []
    for fate in fates:
        party = chance.choice(
            company["customers"] if fate in ("converted", "won") else company["parties"][CUSTOMERS - 60 :]
        )
        start = date(2025, 1, 1) + timedelta(days=chance.randrange(300))
        values.append(
            {
                "company": company["id"],
                "party": party["id"],
                "address": party["address"],
                "currency": company["currencies"]["EUR"],
                "amount": Decimal(chance.randrange(50_000, 9_000_000)) / 100,
                "employee": chance.choice(employees),
                "start_date": start,
                "end_date": start + timedelta(days=chance.randrange(5, 60))
                if fate in ("won", "lost", "cancelled")
                else None,
                "conversion_probability": chance.choice((0.1, 0.25, 0.5, 0.75)),
                "lines": [
                    (
                        "create",
                        [
                            {
                                "product": chance.choice(company["products"])["id"],
                                "quantity": chance.randrange(1, 9),
                                "unit": company["unit"],
                            }
                        ],
                    )
                ],
            }
        )
    ids = tryton.create("sale.opportunity", values)
    having = {fate: [each for each, own in zip(ids, fates, strict=True) if own == fate] for fate in set(fates)}
    tryton.call("sale.opportunity", "opportunity", [*having["opportunity"], *having["converted"], *having["won"]])
    tryton.call("sale.opportunity", "lost", having["lost"])
    tryton.call("sale.opportunity", "cancel", having["cancelled"])
    tryton.call("sale.opportunity", "convert", [*having["converted"], *having["won"]])
    sales = [sale for read in tryton.read("sale.opportunity", having["won"], ["sales"]) for sale in read["sales"]]
    tryton.call("sale.sale", "write", sales, {"sale_date": LAST_DAY})
    for button in ("quote", "confirm", "process"):
        tryton.call("sale.sale", button, sales)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        fill_year(sys.argv[1], int(sys.argv[2]))
    else:
        fill(sys.argv[1])
