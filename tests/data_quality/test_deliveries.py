"""What a delivery weighs, against the one before it, and by what is plausible: each fault that once was published without a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data_quality.deliveries import judge
from data_quality.weighing import Judged
from pipelines import duck
from pipelines.checks import CheckResult
from pipelines.landing import control, ledger, warehouse
from pipelines.landing.land import land_table
from pipelines.settings.workspace import Workspace
from tests.pipelines.landing.company import company, deliver

MAPPING = """
files:
  customers: {path: customers.csv, format: german, delivered_at: 2026-01-05T06:00:00}
  lines: {path: lines.csv, format: german, delivered_at: 2026-01-05T06:00:00}
tables:
  customers:
    from: customers
    columns: {customer_id: Kunde, customer_name: Name, credit_limit: Limit}
    constants: {relationship_type: customer, currency_code: EUR}
  invoice_lines:
    from: lines
    columns: {invoice_id: Beleg, line_no: Pos, posting_date: Datum, customer_id: Kunde, product_group: Gruppe, doc_type: Art,
              gross_list_amount: Brutto, revenue_deductions: Rabatt, cogs: WE, currency_code: Wae, local_net_amount: HW, company_id: BK}
    values: {doc_type: {R: invoice, G: credit_note}}
"""
RATES = """
  exchange_rates:
    from: rates
    columns: {rate_date: Datum, currency_code: Wae, units_per_reporting_currency: Kurs}
"""
RATE_FILE = "  rates: {path: rates.csv, format: german, delivered_at: 2026-01-05T06:00:00}\n"


@dataclass(frozen=True)
class Line:
    """One delivered invoice line of 1,000.00 gross, 100.00 off, 600.00 cost."""

    number: str
    day: date
    customer: str = "100"
    kind: str = "R"
    gross: str = "1.000,00"
    off: str = "100,00"
    cogs: str = "600,00"
    currency: str = "EUR"
    local: str = ""
    company: str = "1"

    def text(self) -> str:
        fields = (
            self.number,
            "1",
            self.kind,
            f"{self.day:%d.%m.%Y}",
            self.customer,
            "PU",
            self.gross,
            self.off,
            self.cogs,
        )
        return ";".join((*fields, self.currency, self.local, self.company)) + "\n"


HEADER = "Beleg;Pos;Art;Datum;Kunde;Gruppe;Brutto;Rabatt;WE;Wae;HW;BK\n"
YEAR = tuple(
    Line(f"R{month:02}{customer}{copy}", date(2025, month, 10 + 5 * copy), customer)
    for month in range(1, 13)
    for customer in ("100", "200")
    for copy in (0, 1)
)
"""A healthy year: two customers, each two invoices a month."""

Change = Callable[[Line], Line]


class Delivered:
    """A company whose deliveries are landed and judged; what was judged green can be the version the next one is compared with."""

    def __init__(self, directory: Path, mapping: str = MAPPING) -> None:
        self.directory = directory
        self.mapping = mapping
        self.published: frozenset[str] = frozenset()
        self.customers = "Kunde;Name;Limit\n100;Alpha;\n200;Beta;5.000,00\n"
        self.rates = ""

    def judge(self, lines: Sequence[Line], limits: str = "") -> dict[str, CheckResult]:
        """Land everything and judge it; failed results by the last two parts of their id."""
        text = self.mapping
        if self.rates:
            text = text.replace("files:\n", "files:\n" + RATE_FILE) + RATES
            (self.directory / "delivered").mkdir(exist_ok=True)
            deliver(self.directory, "rates.csv", self.rates)
        workspace = company(self.directory, text + limits)
        deliver(self.directory, "customers.csv", self.customers)
        deliver(self.directory, "lines.csv", HEADER + "".join(line.text() for line in lines))
        self.outcomes = {table: land_table(workspace, table) for table in workspace.sources.tables}
        self.workspace = workspace
        return {result.check_id.partition(".")[2]: result for result in self.results(workspace) if not result.passed}

    def results(self, workspace: Workspace) -> tuple[CheckResult, ...]:
        control.write_control(workspace, (control.AsOf(date(2025, 12, 31), datetime(2026, 1, 5)),))  # noqa: DTZ001
        warehouse.attach(workspace.home, workspace.contracts)
        batches = ledger.batches(ledger.read(workspace.home))
        with duck.reading(workspace.home.warehouse, workspace.home.temporary) as connection:
            judged = Judged(
                connection,
                workspace.sources,
                workspace.contracts,
                "EUR",
                batches,
                self.published,
                date(2025, 12, 31) if self.published else None,
            )
            return judge(judged)

    def publish(self) -> None:
        """What counts now is what the next delivery is compared with."""
        batches = ledger.batches(ledger.read(self.workspace.home))
        self.published = frozenset(batch.entry.batch_id for batch in batches if batch.is_active)


@pytest.fixture
def delivered(tmp_path: Path) -> Delivered:
    return Delivered(tmp_path)


def every(change: Change) -> tuple[Line, ...]:
    return tuple(change(line) for line in YEAR)


def test_a_healthy_year_is_fine(delivered: Delivered) -> None:
    assert delivered.judge(YEAR) == {}
    delivered.publish()
    assert delivered.judge((*YEAR, Line("R13", date(2026, 1, 3)))) == {}


def damaged(line: Line) -> Line:
    return replace(line, customer={"100": "0100", "200": "4,01235E+12"}[line.customer])


@dataclass(frozen=True)
class Fault:
    """A fault planted in the healthy year: which check says it, how loudly, with how much money, in which words."""

    check: str
    blocks: bool
    amount: str | None
    words: tuple[str, ...]
    lines: tuple[Line, ...]
    rates: str = ""


def of_month(month: int, change: Change) -> tuple[Line, ...]:
    return tuple(change(line) if line.day.month == month else line for line in YEAR)


def dated(*rates: str, currency: str = "USD") -> str:
    rows = "".join(f"{number + 1:02}.01.2025;{currency};{rate}\n" for number, rate in enumerate(rates))
    return "Datum;Wae;Kurs\n" + rows


DOLLARS = every(lambda line: replace(line, currency="USD") if line.customer == "100" else line)

FAULTS = {
    "deductions delivered negative": Fault(
        "invoice_lines.deductions_sign", True, "4800.00", ("100.0 %", "turn the sign"), every(lambda x: replace(x, off="-100,00"))
    ),
    "credit notes delivered positive": Fault(
        "invoice_lines.credit_notes_sign", True, "2000.00", ("credit notes are positive",),
        of_month(12, lambda x: replace(x, kind="G") if x.customer == "100" else x),
    ),
    "costs delivered negative": Fault(
        "invoice_lines.costs_sign", True, "28800.00", ("margin",), every(lambda x: replace(x, cogs="-600,00"))
    ),
    "an invoice that is a credit note": Fault(
        "invoice_lines.invoices_sign", True, "2000.00", ("doc_type",),
        of_month(12, lambda x: replace(x, gross="-1.000,00", off="-100,00", cogs="-600,00") if x.customer == "100" else x),
    ),
    "costs not valued yet": Fault(
        "invoice_lines.cost_zero", False, "21600.00", ("24 of 48 lines", "customers 200", "leave `cogs` empty"),
        every(lambda x: replace(x, cogs="0,00") if x.customer == "200" else x),
    ),
    "nothing valued": Fault(
        "invoice_lines.cost_zero", False, "43200.00", ("exactly 100 %",), every(lambda x: replace(x, cogs="0,00"))
    ),
    "ids damaged by a spreadsheet": Fault(
        "invoice_lines.unknown_customers", True, "43200.00",
        ("100.0 % of revenue", "leading zeros", "scientific notation", "4,01235E+12"), every(damaged),
    ),
    "one legal entity with other numbers": Fault(
        "invoice_lines.no_partner", False, "3600.00", ("company_id 2", "not one row"),
        of_month(12, lambda x: replace(x, company="2", customer=f"D{x.customer}")),
    ),
    "a rate a thousand times off": Fault(
        "exchange_rates.locale_suspect", True, "19.92", ("1085", "thousand times off"), DOLLARS, dated("1.085", "1.085"),
    ),
    "a rate turned over": Fault(
        "exchange_rates.rate_turned_over", False, "21528.36", ("1.085", "0.921"), DOLLARS, dated("1,085", "1,0850", "0,921659", "0,921659"),
    ),
    "a rate on the wrong side of 1": Fault(
        "exchange_rates.locale_suspect", True, None, ("wrong side of 1", "EUR per SEK"),
        every(lambda x: replace(x, currency="SEK") if x.customer == "100" else x), dated("0,089", currency="SEK"),
    ),
    "a month that ends on its tenth": Fault(
        "invoice_lines.month_incomplete", False, "1800.00", ("2025-12", "day 5 (usually 15)"),
        tuple(
            replace(x, day=date(2025, 12, 5)) if x.day.month == 12 else x
            for x in YEAR
            if not (x.day.month == 12 and x.number[-1] == "1")
        ),
    ),
    "a month with another decimal sign": Fault(
        "invoice_lines.locale_suspect", True, "360000.00", ("2025-03", "100000.00 EUR", "1000.00"),
        of_month(3, lambda x: replace(x, gross="100.000,00", off="10.000,00", cogs="60.000,00")),
    ),
    "a month delivered twice": Fault(
        "invoice_lines.month_twice", True, "3600.00", ("2025-12 is delivered twice", "8 of its 8 lines"),
        (*YEAR, *(replace(x, number=f"X{x.number}") for x in YEAR if x.day.month == 12)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_said_with_its_money_and_what_to_do(delivered: Delivered, fault: Fault) -> None:
    delivered.rates = fault.rates
    found = delivered.judge(fault.lines)
    assert fault.check in found, sorted(found)
    result = found[fault.check]
    assert result.blocks is fault.blocks
    assert fault.amount is None or result.amount == Decimal(fault.amount)
    said = f"{result.what} {result.where} {result.remedy}"
    assert result.remedy and [word for word in fault.words if word not in said] == [], said


HEALTHY = {
    "a discount in a line of its own": tuple(
        line
        for x in YEAR
        for line in (replace(x, off="0,00"), replace(x, number=f"{x.number}", gross="-100,00", off="0,00", cogs="0,00"))
    ),
    "credit notes that are negative": of_month(
        12,
        lambda x: replace(x, kind="G", gross="-1.000,00", off="-100,00", cogs="-600,00") if x.customer == "100" else x,
    ),
    "a small surcharge": of_month(12, lambda x: replace(x, off="-1,00") if x.number == "R121000" else x),
    "an empty cost": every(lambda x: replace(x, cogs="")),
    "a month three times as large": of_month(6, lambda x: replace(x, gross="3.000,00", cogs="1.800,00", off="300,00")),
    "the same lines every month": tuple(replace(x, day=x.day.replace(day=10), number=f"{x.number}") for x in YEAR),
}


@pytest.mark.parametrize("lines", HEALTHY.values(), ids=HEALTHY)
def test_what_is_healthy_is_not_refused(delivered: Delivered, lines: tuple[Line, ...]) -> None:
    numbered = []
    seen: dict[str, int] = {}
    for line in lines:
        seen[line.number] = seen.get(line.number, 0) + 1
        numbered.append(line.text().replace(f"{line.number};1;", f"{line.number};{seen[line.number]};"))
    deliver_as = [_Text(text) for text in numbered]
    found = delivered.judge(deliver_as)  # type: ignore[arg-type]
    assert [check for check, each in found.items() if each.blocks] == [], found


@dataclass(frozen=True)
class _Text:
    written: str

    def text(self) -> str:
        return self.written


def test_customers_set_aside_are_red_with_their_revenue(delivered: Delivered) -> None:
    """Seen: one column declared wrongly put 401 of 402 customers into quarantine, and the version was green."""
    delivered.customers = "Kunde;Name;Limit\n100;;\n200;Beta;5.000,00\n"
    found = delivered.judge(YEAR)
    result = found["customers.quarantined"]
    assert result.blocks and result.amount == Decimal("21600.00")
    assert "1 of 2 rows (50.0 %)" in result.what and "replay" in result.remedy


CHANGES = {
    "half of the lines": ("revenue_lost", "21600.00", "is it half of one?", YEAR[::2]),
    "every amount a hundred times": (
        "other_unit", None, "100 times what they were", every(lambda x: replace(x, gross="100.000,00", off="10.000,00", cogs="60.000,00")),
    ),
    "every amount a tenth": (
        "other_unit", None, "a 10th of what they were", every(lambda x: replace(x, gross="100,00", off="10,00", cogs="60,00")),
    ),
    "a month left out": ("month_gone", "3600.00", "2025-03 was published with 3600.00", tuple(x for x in YEAR if x.day.month != 3)),
    "restated": ("restated", "4320.00", "changed by 4320.00 EUR (10.0 %)", every(lambda x: replace(x, gross="1.090,00"))),
}  # fmt: skip


@pytest.mark.parametrize(("check", "amount", "words", "lines"), CHANGES.values(), ids=CHANGES)
def test_a_delivery_is_compared_with_the_published_one(
    delivered: Delivered, check: str, amount: str | None, words: str, lines: tuple[Line, ...]
) -> None:
    assert delivered.judge(YEAR) == {}
    delivered.publish()
    found = delivered.judge(lines)
    result = found[f"invoice_lines.{check}"]
    assert result.blocks and words in result.what, result.what
    assert amount is None or result.amount == Decimal(amount)
    # Corrected, it is compared with what is published, not with what was refused.
    assert delivered.judge(YEAR) == {}


def test_customers_that_are_gone_are_red_with_their_revenue(delivered: Delivered) -> None:
    delivered.judge(YEAR)
    delivered.publish()
    delivered.customers = "Kunde;Name;Limit\n100;Alpha;\n"
    found = delivered.judge(YEAR)
    lost = found["customers.customers_lost"]
    assert lost.blocks and lost.amount == Decimal("21600.00") and "1 of 2 customers" in lost.what
    assert found["invoice_lines.unknown_customers"].blocks


def test_an_empty_master_is_red(delivered: Delivered) -> None:
    delivered.judge(YEAR)
    delivered.customers = "Kunde;Name;Limit\n"
    delivered.judge(YEAR)
    outcome = delivered.outcomes["customers"]
    assert outcome.status == "file_quarantined"
    assert [(each.severity, each.problem.code) for each in outcome.problems] == [("critical", "FILE_NO_ROWS")]


@pytest.mark.parametrize(
    ("limits", "blocks", "is_said"),
    [
        ("", False, True),
        ("limits: {unknown_customers: {red: 0.02}}\n", True, True),
        ("limits: {unknown_customers: {warn: null}}\n", False, False),
        ("limits: {unknown_customers: {warn: 0.03}}\n", False, False),
    ],
)
def test_limits_are_the_companys(delivered: Delivered, limits: str, blocks: bool, is_said: bool) -> None:
    """One of 48 lines: 2.1 %."""
    lines = tuple(replace(x, customer="300") if x.number == "R121000" else x for x in YEAR)
    found = delivered.judge(lines, limits)
    assert ("invoice_lines.unknown_customers" in found) is is_said
    assert not is_said or found["invoice_lines.unknown_customers"].blocks is blocks


def test_a_tables_own_limit_comes_before_the_one_for_all(delivered: Delivered) -> None:
    delivered.mapping = MAPPING.replace(
        "    from: customers\n", "    from: customers\n    limits: {quarantined: {red: 0.6}}\n"
    )
    delivered.customers = "Kunde;Name;Limit\n100;;\n200;Beta;5.000,00\n"
    result = delivered.judge(YEAR, "limits: {quarantined: {warn: 0.2, red: 0.3}}\n")["customers.quarantined"]
    assert not result.blocks and result.limit == "20.0 %"


def test_lines_lost_in_a_mapping_are_weighed_by_the_landing_ledger(delivered: Delivered) -> None:
    """The counts are landing's; of what they weigh nothing else knows."""
    delivered.judge(YEAR)
    entries = ledger.read(delivered.workspace.home)
    lines = next(entry for entry in entries if entry.table == "invoice_lines")
    gross = lines.amounts["gross_list_amount"].model_copy(update={"lost_in_mapping": Decimal("9000.00")})
    told = lines.model_copy(
        update={
            "rows_in": lines.rows_in + 9,
            "rows_lost_in_mapping": 9,
            "amounts": {**lines.amounts, "gross_list_amount": gross},
        }
    )
    ledger.commit(delivered.workspace.home, told)
    found = {r.check_id: r for r in delivered.results(delivered.workspace) if not r.passed}
    result = found["weight.invoice_lines.lost_in_mapping"]
    assert result.blocks and result.amount == Decimal("9000.00") and "9 of 57 rows (15.8 %)" in result.what


def test_a_typing_error_in_the_year_is_set_aside_also_where_no_delivery_day_is_declared(delivered: Delivered) -> None:
    delivered.mapping = MAPPING.replace(", delivered_at: 2026-01-05T06:00:00", "")
    lines = tuple(replace(x, day=date(2062, 12, 10)) if x.number == "R121000" else x for x in YEAR)
    found = delivered.judge(lines)
    outcome = delivered.outcomes["invoice_lines"]
    assert [(each.problem.code, each.rows) for each in outcome.problems] == [("DATE_RANGE", 1)]
    assert "lines.csv:" in outcome.problems[0].problem.where
    assert not found["invoice_lines.quarantined"].blocks
