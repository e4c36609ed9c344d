"""Five hundred companies, each with one defect as public reports tell of them, or with none.

Belongs here: the kinds of defects, how each is planted, which words a message about it holds. Not here: the company before
(drafts.py), what the product makes of it (judging.py). A kind without words is healthy; one with words ends in the numbers that are
true all the same, or in a message that holds one of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from tests.cases.drafts import AS_OF, STYLES, Draft, Raw, Row, cents, draft, totals

COMPANIES: Final = 500
EUROS: Final = {"SEK": Decimal("11.25"), "USD": Decimal("1.085"), "JPY": Decimal("162.5"), "CHF": Decimal("0.95")}
FAR_FROM_ONE: Final = ("SEK", "JPY")

Plant = Callable[[Draft], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A defect. `words`: regular expressions of which a message about it holds one; none: nothing is refused, the numbers are true."""

    name: str
    plant: Plant
    words: tuple[str, ...] = ()

    @property
    def is_healthy(self) -> bool:
        """Whether nothing is wrong with such a company."""
        return not self.words


KINDS: Final[dict[str, Kind]] = {}


def kind(*words: str) -> Callable[[Plant], Plant]:
    """Take the function up as the kind of its name."""

    def take(plant: Plant) -> Plant:
        name = plant.__name__
        KINDS[name] = Kind(name, plant, words)
        return plant

    return take


def company(seed: int) -> tuple[Kind, Draft]:
    """The company of this seed and what is the matter with it."""
    names = list(KINDS)
    chosen = KINDS[names[seed % len(names)]]
    made = draft(seed)
    chosen.plant(made)
    return chosen, made


# Healthy: nothing is lost, nothing may be refused.


@kind()
def healthy(made: Draft) -> None:
    """As it should be."""


@kind()
def byte_order_mark(made: Draft) -> None:
    """The export begins with a byte order mark."""
    _write_as(made, made.rng.choice((3, 4, 0)))
    _bytes(made, "invoice_lines.csv", lambda content: b"\xef\xbb\xbf" + content)


@kind()
def line_ends_of_another_system(made: Draft) -> None:
    """CR LF, and no end after the last line."""
    _bytes(made, "invoice_lines.csv", lambda content: content.replace(b"\n", b"\r\n").removesuffix(b"\r\n"))


@kind()
def identical_file_twice(made: Draft) -> None:
    """The browser saved the export twice: the same bytes under two names of one delivery."""
    table = made.rng.choice([table for table in ("direct_costs", "invoice_lines", "customers") if table in made.tables])
    made.of_file[table]["path"] = f"{table}*.csv"
    made.afterwards.append(lambda files: files.update({f"{table} (1).csv": files[f"{table}.csv"]}))


@kind()
def where_with_empty_cells(made: Draft) -> None:
    """`Status <> 'storniert'` over a column that is mostly empty; cancelled rows are not in the truth."""
    lines = made.tables["invoice_lines"]
    for line in lines:
        line["status"] = made.rng.choice(("", "", "bezahlt"))
    cancelled = [{**line, "invoice_id": f"{line['invoice_id']}S", "status": "storniert"} for line in lines[::9]]
    lines += cancelled
    status = made.names["status"]
    made.mapping["invoice_lines"]["where"] = f"\"{status}\" <> 'storniert'"


@kind()
def decomposed_umlauts_in_headers(made: Draft) -> None:
    """Written on another system: the header is decomposed, the mapping was typed composed."""
    _write_as(made, 0)
    made.names.update(revenue_deductions="Erlösschmälerung", company_id="Buchungskreis")

    def decompose(content: bytes) -> bytes:
        head, _, rest = content.decode("utf-8").partition("\n")
        return (unicodedata.normalize("NFD", head) + "\n" + rest).encode()

    _bytes(made, "invoice_lines.csv", decompose)


@kind()
def foreign_currencies(made: Draft) -> None:
    """Some customers are billed in another currency, with rates."""
    _with_rates(made, made.rng.choice(list(EUROS)))


@kind()
def customers_without_revenue(made: Draft) -> None:
    """A master is larger than the year's customers."""
    made.tables["customers"] += [{"customer_id": f"N{n}", "customer_name": f"New {n}"} for n in range(5)]


@kind()
def two_accounts_of_one_group(made: Draft) -> None:
    """The ledger is by account; the accounts of a group are added, and then it is the lines' sum."""
    _with_ledger(made, split=True)


@kind()
def calls_without_a_time(made: Draft) -> None:
    """A CRM of days: several calls of a person at a customer on a day are several."""
    days: list[Row] = []
    _with_crm(made)
    for activity in made.tables["activities"]:
        day = activity["activity_at"].replace(hour=0)
        days.append({**activity, "activity_at": day, "rep_id": "r1"})
    made.tables["activities"] = days
    made.formats["days"] = {**made.style.declared(), "has_time": False}
    made.of_file["activities"]["format"] = "days"


@kind()
def a_row_per_participant(made: Draft) -> None:
    """Two of ours at one meeting: two rows of one id, two efforts."""
    _with_crm(made)
    activities = made.tables["activities"]
    activities += [{**activity, "rep_id": "second"} for activity in activities[::3]]
    made.true = totals(made.tables)


@kind()
def times_of_another_zone(made: Draft) -> None:
    """The CRM writes UTC, and its file says so: late on the last day of the year is the next one in Berlin."""
    _with_crm(made)
    for activity in made.tables["activities"]:
        for column in ("activity_at", "recorded_at"):
            activity[column] -= timedelta(hours=2)
    late = dict(made.tables["activities"][0])
    for number, moment in enumerate((datetime(2024, 12, 31, 23, 30), datetime(2025, 12, 31, 23, 30))):  # noqa: DTZ001
        made.tables["activities"].append(
            {**late, "activity_id": f"Z{number}", "activity_at": moment, "recorded_at": moment}
        )
    own = dict(made.true[late["account_id"].removeprefix("A")])
    own["hours"] = own.get("hours", Decimal(0)) + Decimal(late["duration_minutes"]) / 60
    made.true = {**made.true, late["account_id"].removeprefix("A"): own}
    made.of_file["activities"]["time_zone"] = "UTC"


@kind()
def minus_behind_the_number(made: Draft) -> None:
    """Declared, it is read."""
    _write_as(made, 0)
    _cells(made, "invoice_lines", lambda text: f"{text[1:]}-" if text.startswith("-") else text, negative=True)
    made.formats["sap"] = {**made.style.declared(), "trailing_minus": True}
    made.of_file["invoice_lines"]["format"] = "sap"


# Defects whose numbers may come out all the same.


@kind("sep=", "header_row")
def first_line_of_a_spreadsheet(made: Draft) -> None:
    """`sep=;` stands above the header."""
    sign = made.written.delimiter
    _bytes(made, "invoice_lines.csv", lambda content: f"sep={sign}\n".encode() + content)


@kind("trailing_minus")
def minus_behind_not_declared(made: Draft) -> None:
    """SAP writes the minus behind; the format does not say so."""
    _write_as(made, 0)
    lines = made.tables["invoice_lines"]
    if not any(line["gross_list_amount"] < 0 for line in lines):
        lines.append(_turned(lines[0], "GU"))
    _cells(made, "invoice_lines", lambda text: f"{text[1:]}-" if text.startswith("-") else text, negative=True)


@kind("NUM_FORMAT", "NUM_SCALE", "decimal")
def other_decimal_sign(made: Draft) -> None:
    """The mapping declares the decimal sign of the other country."""
    _write_as(made, made.rng.choice((0, 4)))
    is_german = made.written.decimal == ","
    made.formats["wrong"] = {
        **made.style.declared(),
        "decimal": "." if is_german else ",",
        "thousands": "," if is_german else ".",
    }
    made.of_file["invoice_lines"]["format"] = "wrong"


@kind("typed", "ISO", "decimal")
def sql_reads_whole_german_thousands(made: Draft) -> None:
    """A maker of machines bills whole amounts, 13.500 is thirteen thousand five hundred, and a SQL mapping takes the text."""
    _write_as(made, 0)
    for line in made.tables["invoice_lines"]:
        gross = Decimal(int(line["gross_list_amount"]) * 10 + 1000)
        line.update(gross_list_amount=gross, revenue_deductions=Decimal(int(gross / 20)), cogs=Decimal(int(gross / 2)))
        line["doc_type"] = "RE" if gross > 0 else "GU"
    made.true = totals(made.tables)
    _with_sql(made)


@kind("lost", "join")
def inner_join_loses_lines(made: Draft) -> None:
    """Heads and lines in two files; the head export was cut off."""
    lines = made.tables["invoice_lines"]
    heads = {line["invoice_id"]: line for line in lines}
    kept = dict(list(heads.items())[: int(len(heads) * made.rng.uniform(0.3, 0.9))])
    _with_heads(made, kept)


@kind("NUM_FORMAT")
def group_that_begins_with_zero(made: Draft) -> None:
    """Half a euro in English (0.500) in a German file."""
    _write_as(made, 0)
    for line in made.rng.sample(made.tables["invoice_lines"], 2):
        line["gross_list_amount"] = Raw(made.rng.choice(("0.500", "00.750", "-0.250")))


@kind("SUBTOTAL", "skip_rows_matching", "skip_footer_matching", "quarantine")
def totals_between_the_rows(made: Draft) -> None:
    """A printed list saved as a file: the header again, a subtotal, a total at the end."""
    sums = {
        name: sum(line[name] for line in made.tables["invoice_lines"])
        for name in ("gross_list_amount", "revenue_deductions", "cogs")
    }

    def print_list(content: bytes) -> bytes:
        lines = content.split(b"\n")
        columns = list(dict.fromkeys(column for row in made.tables["invoice_lines"] for column in row))
        total = {"invoice_id": "Summe", **sums}
        last = made.written.delimiter.join(made.written.text(total.get(column)) for column in columns).encode("cp1252")
        return b"\n".join([*lines[:20], lines[0], *lines[20:-1], last, b""])

    _bytes(made, "invoice_lines.csv", print_list)


@kind("QUOTE_UNBALANCED", "FIELD_COUNT", "quote")
def inch_sign_in_a_text(made: Draft) -> None:
    """A text that no column of the mapping needs holds a quote sign."""
    for line in made.tables["invoice_lines"]:
        line["status"] = ""
    made.rng.choice(made.tables["invoice_lines"])["status"] = Raw('Rohr 3/4" verzinkt')


@kind("TRUNCATED", "FIELD_COUNT", "NULL_REQUIRED", "NUM_", "DATE_", "quarantine")
def file_cut_off(made: Draft) -> None:
    """The transfer broke in the middle of a record of the last month."""
    # Fields enough are gone for the record to be seen as torn.
    _bytes(made, "invoice_lines.csv", lambda content: content[: content.rindex(b"\n", 0, -1) + 9])


# Defects that only a message can cure.


@kind("deduction.*(negative|sign)|DEDUCTIONS_SIGN")
def negative_deductions(made: Draft) -> None:
    """The price calculation shows discounts as what they are there: negative."""
    for line in made.tables["invoice_lines"]:
        line["revenue_deductions"] = -line["revenue_deductions"]


@kind("cost.*(sign|negative)|COSTS_SIGN|margin")
def negative_costs(made: Draft) -> None:
    """Costs are credited in the system they come from."""
    for line in made.tables["invoice_lines"]:
        line["cogs"] = -line["cogs"]


@kind("credit notes? .*(positive|sign)|CREDIT_NOTES_SIGN")
def positive_credit_notes(made: Draft) -> None:
    """Credit notes are unsigned, and the mapping only names their kind."""
    lines = made.tables["invoice_lines"]
    lines += [_turned(line, "GU") for line in lines[::7]]
    made.true = totals(made.tables)
    for line in lines:
        for column in ("gross_list_amount", "revenue_deductions", "cogs"):
            line[column] = abs(line[column])


@kind("cost.*(0\\.00|zero| 0 )|COST_ZERO")
def costs_not_valued_yet(made: Draft) -> None:
    """Half of the customers' goods have cost 0.00."""
    for line in made.tables["invoice_lines"]:
        if int(line["customer_id"]) % 2 or made.rng.random() < 0.2:
            line["cogs"] = Decimal("0.00")


@kind("leading zeros", "scientific", "written with decimals")
def ids_through_a_spreadsheet(made: Draft) -> None:
    """Lines or master went through a spreadsheet: zeros gone, ids with decimals, scientific notation."""
    damage = made.rng.choice(("zeros", "decimals", "scientific"))
    for rows in made.tables.values():
        for row in rows:
            if row.get("customer_id"):
                row["customer_id"] = f"0009{row['customer_id']}"
    made.true = {f"0009{customer}": measures for customer, measures in made.true.items()}
    for row in made.tables["invoice_lines"]:
        number = int(row["customer_id"])
        row["customer_id"] = {"zeros": f"{number}", "decimals": f"{number}.0", "scientific": f"{number / 1e7:.2f}E+7"}[
            damage
        ]


@kind("customers?.*(quarantine|set aside)|DUP_CONFLICT")
def a_row_per_address(made: Draft) -> None:
    """The master has one row per address: large customers twice."""
    customers = made.tables["customers"]
    for number, row in enumerate(customers):
        row["postal_code"] = f"8{number:04}"
    largest = sorted(made.true, key=lambda customer: -made.true[customer]["net_revenue"])[:3]
    customers += [{**row, "postal_code": "10115"} for row in customers if row["customer_id"] in largest]


@kind("customers?.*(gone|empty|lost)|FILE_NO_ROWS|FILE_EMPTY|CUSTOMERS_LOST")
def empty_master(made: Draft) -> None:
    """The next delivery's master has a header and nothing else."""
    made.again = lambda rows: rows["customers"].clear()


@kind("REVENUE_LOST", "MONTH_GONE", "ROWS_LOST", "is it half")
def half_of_a_delivery(made: Draft) -> None:
    """Every second line is missing when everything is delivered again."""

    def halve(rows: dict[str, list[Row]]) -> None:
        rows["invoice_lines"] = rows["invoice_lines"][::2]

    made.again = halve


@kind("FACTOR", "RESTATED", "LOCALE_SUSPECT", "(10|100|1000) times")
def all_amounts_times_a_hundred(made: Draft) -> None:
    """The next delivery is in cents."""
    factor = made.rng.choice((10, 100, 1000))

    def multiply(rows: dict[str, list[Row]]) -> None:
        for line in rows["invoice_lines"]:
            for column in ("gross_list_amount", "revenue_deductions", "cogs"):
                line[column] *= factor

    made.again = multiply


@kind("twice", "MONTH_TWICE")
def last_month_twice(made: Draft) -> None:
    """The export of the last month was appended again, under new numbers."""
    lines = made.tables["invoice_lines"]
    lines += [
        {**line, "invoice_id": f"X{line['invoice_id']}"} for line in lines if line["posting_date"] > date(2025, 11, 30)
    ]


@kind("incomplete", "invoice_lines.*volume|volume.*invoice_lines")
def last_month_half(made: Draft) -> None:
    """The last month was exported on its tenth day."""
    lines = made.tables["invoice_lines"]
    made.tables["invoice_lines"] = [line for line in lines if line["posting_date"] <= date(2025, 12, 10)]


@kind("LOCALE_SUSPECT", "other months")
def a_month_with_other_decimals(made: Draft) -> None:
    """In one month amounts came without their decimal sign."""
    for line in made.tables["invoice_lines"]:
        if line["posting_date"].month == 6:
            for column in ("gross_list_amount", "revenue_deductions", "cogs"):
                line[column] *= 100


@kind("BOOKED_NET_DIFFERS", "local_currency_code")
def house_currency_of_a_subsidiary(made: Draft) -> None:
    """The Swiss company books in francs; its net amount in house currency is taken for euros."""
    currency = made.rng.choice(("CHF", "USD"))
    _with_rates(made, currency)
    for line in made.tables["invoice_lines"]:
        is_theirs = line["currency_code"] == currency
        line["company_id"] = "CH" if is_theirs else "DE"
        line["local_net_amount"] = line["gross_list_amount"] - line["revenue_deductions"]


@kind("rate.*(side of 1|reciprocal|turn|inver|bounds|1 divided)|LOCALE_SUSPECT")
def rates_the_other_way_round(made: Draft) -> None:
    """Euros per crown instead of crowns per euro."""
    currency = made.rng.choice(FAR_FROM_ONE)
    _with_rates(made, currency)
    for rate in made.tables["exchange_rates"]:
        rate["units_per_reporting_currency"] = (1 / EUROS[currency]).quantize(Decimal("0.000001"))


@kind("rate.*(side of 1|reciprocal|turn|inver|1 divided)|RATE_TURNED_OVER")
def rates_turned_over_in_the_middle(made: Draft) -> None:
    """From summer on the bank delivers the reciprocal."""
    currency = made.rng.choice(("USD", "SEK"))
    _with_rates(made, currency)
    for rate in made.tables["exchange_rates"]:
        if rate["rate_date"] > date(2025, 6, 30):
            rate["units_per_reporting_currency"] = (1 / EUROS[currency]).quantize(Decimal("0.000001"))


@kind("rate.*(thousand|decimal|bounds)|LOCALE_SUSPECT|NUM_FORMAT")
def english_rates_in_a_german_file(made: Draft) -> None:
    """The rates come from a service with a decimal point and three places: 1.085."""
    _write_as(made, 0)
    _with_rates(made, "USD")
    for rate in made.tables["exchange_rates"]:
        rate["units_per_reporting_currency"] = Raw("1.085")


@kind("DATE_RANGE", "DATE_YEARS_AWAY", "after the delivery that brought it", "2062|2205|2215")
def typing_error_in_a_year(made: Draft) -> None:
    """One posting date lies decades ahead."""
    line = made.tables["invoice_lines"][-1]
    line["posting_date"] = line["posting_date"].replace(year=made.rng.choice((2062, 2205, 2215)), day=15)
    made.of_file["invoice_lines"]["delivered_at"] = None


@kind("MOJIBAKE|readable|wrong encoding")
def encoding_of_another_system(made: Draft) -> None:
    """UTF-8 is declared as Windows-1252: umlauts of product groups become two signs."""
    _write_as(made, 0)
    made.formats["wrong"] = {**made.style.declared(), "encoding": "windows-1252"}
    made.of_file["invoice_lines"]["format"] = "wrong"
    for line in made.tables["invoice_lines"][::3]:
        line["product_group"] = "Türgriffe"


@kind("RECONCILE_FAIL")
def thirteenth_period(made: Draft) -> None:
    """The ledger has a bonus in period 13 that no line knows."""
    _with_ledger(made)
    made.tables["ledger_totals"].append({"period": "2025-13", "account_group": "8400", "amount": Decimal("-512.50")})


@kind("RECONCILE_FAIL")
def an_account_that_no_line_knows(made: Draft) -> None:
    """A second account of the group holds revenue that is in no invoice."""
    _with_ledger(made, split=True)
    for row in made.tables["ledger_totals"]:
        if row["account_group"] == "8300":
            row["amount"] += Decimal("699.00")


@kind("credit_limit|optional|quarantine|NUM_")
def unreadable_optional_column(made: Draft) -> None:
    """A limit of credit that nobody could read as a number, for nearly all customers."""
    for row in made.tables["customers"]:
        row["credit_limit"] = made.rng.choice(("n/a", "auf Anfrage", "unbegrenzt"))


@kind("SOURCE_ABSENT")
def nothing_is_there(made: Draft) -> None:
    """The folder is empty, or one file of it has another name."""
    if made.rng.random() < 0.5:
        made.afterwards.append(lambda files: files.clear())
    else:
        made.afterwards.append(lambda files: files.update(renamed=files.pop("customers.csv")))


@kind("UNKNOWN_CUSTOMERS", "NO_PARTNER", "no delivery of customers")
def a_company_with_numbers_of_its_own(made: Draft) -> None:
    """The lines of one legal entity carry another system's customer numbers."""
    for line in made.tables["invoice_lines"]:
        is_other = int(line["customer_id"]) % 3 == 0
        line["company_id"] = "2" if is_other else "1"
        line["customer_id"] = f"D-{line['customer_id']}" if is_other else line["customer_id"]


@kind("NUM_FORMAT")
def thousands_nobody_sees(made: Draft) -> None:
    """Groups of digits are parted by a no-break space that the format does not name."""
    _write_as(made, 2)
    for line in made.tables["invoice_lines"]:
        line["gross_list_amount"] *= 10
    made.true = totals(made.tables)
    _cells(made, "invoice_lines", lambda text: f"{text[:-6]}\u00a0{text[-6:]}" if len(text) > 7 else text)


@kind("FIELD_COUNT")
def a_field_too_many(made: Draft) -> None:
    """A delimiter inside a text is not quoted, in some rows."""
    for line in made.tables["invoice_lines"]:
        line["status"] = ""
    for line in made.rng.sample(made.tables["invoice_lines"], 5):
        line["status"] = Raw(f"a{made.written.delimiter}b")


# How they are planted.


def _write_as(made: Draft, place: int) -> None:
    made.style = made.written = STYLES[place]


def _bytes(made: Draft, path: str, change: Callable[[bytes], bytes]) -> None:
    made.afterwards.append(lambda files: files.update({path: change(files[path])}))


def _cells(made: Draft, table: str, change: Callable[[str], str], *, negative: bool = False) -> None:
    """Amounts of a table are written otherwise: the rows hold text from now on."""
    for row in made.tables[table]:
        for column, value in row.items():
            if isinstance(value, Decimal) and (value < 0 or not negative):
                row[column] = Raw(change(made.written.text(value)))


def _turned(line: Row, doc_type: str) -> Row:
    amounts = {column: -cents(line[column] / 3) for column in ("gross_list_amount", "revenue_deductions", "cogs")}
    return {**line, **amounts, "invoice_id": f"{line['invoice_id']}T{line['line_no']}", "doc_type": doc_type}


def _with_crm(made: Draft) -> None:
    if "activities" in made.tables:
        return
    made.tables["accounts"] = [
        {
            "account_id": f"A{row['customer_id']}",
            "customer_id": row["customer_id"],
            "account_name": row["customer_name"],
        }
        for row in made.tables["customers"]
    ]
    made.tables["activities"] = [
        {
            "activity_id": f"T{number}", "account_id": account["account_id"], "activity_type": "Anruf", "activity_at": day,
            "recorded_at": day + timedelta(hours=2), "duration_minutes": 60, "rep_id": f"r{number % 3}",
        }
        for number, account in enumerate(made.tables["accounts"] * 6)
        for day in (datetime(2025, 1 + number % 12, 10 + number // 12, 9 + number % 3),)  # noqa: DTZ001 - the company's own time
    ]  # fmt: skip
    made.true = totals(made.tables)


def _with_rates(made: Draft, currency: str) -> None:
    """Every third customer is billed in `currency`; rates of every tenth day."""
    theirs = {row["customer_id"] for row in made.tables["customers"][::3]}
    for line in made.tables["invoice_lines"]:
        line["currency_code"] = currency if line["customer_id"] in theirs else "EUR"
    days = (AS_OF - timedelta(days=back) for back in range(0, 440, 3))
    made.tables["exchange_rates"] = [
        {"rate_date": day, "currency_code": currency, "units_per_reporting_currency": EUROS[currency]} for day in days
    ]
    made.true = totals(made.tables, EUROS)


def _with_ledger(made: Draft, *, split: bool = False) -> None:
    """A ledger that equals the lines: gross revenue on one account or two, deductions and costs on one each."""
    groups = {"8400": "gross_list_revenue", "8300": "gross_list_revenue", "8700": "revenue_deductions", "3200": "cogs"}
    columns = {"8400": "gross_list_amount", "8700": "revenue_deductions", "3200": "cogs"}
    rows: list[Row] = []
    for month in sorted({f"{line['posting_date']:%Y-%m}" for line in made.tables["invoice_lines"]}):
        lines = [line for line in made.tables["invoice_lines"] if f"{line['posting_date']:%Y-%m}" == month]
        for account, column in columns.items():
            amount = sum((line[column] for line in lines), Decimal(0))
            part = cents(amount / 3) if split and account == "8400" else Decimal(0)
            rows.append({"period": month, "account_group": account, "amount": amount - part})
            rows += [{"period": month, "account_group": "8300", "amount": part}] if part else []
    made.tables["ledger_totals"] = rows
    made.mapping["ledger_totals"]["values"] = {"account_group": groups}


def _with_heads(made: Draft, heads: Mapping[str, Row]) -> None:
    """Documents in a file of their own, joined to the lines by SQL over typed columns."""
    of_head = ("invoice_id", "posting_date", "customer_id", "doc_type")
    lines = made.tables["invoice_lines"]
    head_rows = [{column: head[column] for column in of_head} for head in heads.values()]
    made.afterwards.append(lambda files: files.update({"heads.csv": made.file(head_rows, list(of_head))}))
    of_line = [column for column in lines[0] if column not in of_head[1:]]
    made.afterwards.append(lambda files: files.update({"invoice_lines.csv": made.file(lines, of_line)}))
    own = {column: f'"{made.names[column]}"' for column in (*of_head, *of_line)}
    shown = [f"h.{own[column]} as {column}" for column in of_head[1:]] + [
        f"p.{own[column]} as {column}" for column in of_line
    ]
    made.of_file["heads"] = {"path": "heads.csv", "typed": {made.names["posting_date"]: "date"}}
    amounts = ("gross_list_amount", "revenue_deductions", "cogs")
    made.of_file["invoice_lines"]["typed"] = {made.names[column]: "number" for column in amounts}
    joined = f"invoice_lines p join heads h on p.{own['invoice_id']} = h.{own['invoice_id']}"
    query = f"select {', '.join(shown)}, p.file_name, p.line_number from {joined}"
    made.mapping["invoice_lines"].update({"from": None, "columns": None, "sql": query})


def _with_sql(made: Draft) -> None:
    """The lines by a query that takes the delivered texts, dates made ISO by hand, amounts as they stand."""
    columns = list(made.tables["invoice_lines"][0])
    shown = [
        f"strftime(try_strptime(\"{made.names[column]}\", '%d.%m.%Y'), '%Y-%m-%d') as {column}"
        if column == "posting_date"
        else f'"{made.names[column]}" as {column}'
        for column in columns
    ]
    query = f"select {', '.join(shown)}, file_name, line_number from invoice_lines"
    made.mapping["invoice_lines"].update({"from": None, "columns": None, "sql": query})
