"""What invoice lines weigh: one pass over them into small tables by customer and by month, in the reporting currency.

Belongs here: which rows count, what a line is worth, those tables, how a result about them is written. Not here: any limit, any
judgement (weights, before, plausibility).

Amounts of other currencies are weighed at the median of their delivered rates: a share needs no day's rate, and a rate that is
missing or wrong is judged by checks of its own. Every number is a sum of exact decimals before it is divided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import duckdb

from pipelines.checks import Area, CheckResult, Severity
from pipelines.contracts import Contract
from pipelines.landing.ledger import LoadedBatch
from pipelines.quoting import identifier, literal, literals
from pipelines.settings.sources import SourceMap

NOW: Final = "lines_now"
BEFORE: Final = "lines_before"
"""Temporary tables: one row per month_start, company_id, customer_id and currency_code, see `weigh_lines`."""

RATES: Final = "median_rates"


CODES: Final = {
    "quarantined": "ROWS_QUARANTINED",
    "lost_in_mapping": "LOST_IN_MAPPING",
    "filtered": "ROWS_FILTERED",
    "unknown_customers": "UNKNOWN_CUSTOMERS",
    "deductions_sign": "DEDUCTIONS_SIGN",
    "costs_sign": "COSTS_SIGN",
    "credit_notes_sign": "CREDIT_NOTES_SIGN",
    "invoices_sign": "INVOICES_SIGN",
    "revenue_lost": "REVENUE_LOST",
    "restated": "MONTHS_RESTATED",
    "month_gone": "MONTH_GONE",
    "month_twice": "MONTH_TWICE",
    "other_unit": "OTHER_UNIT",
    "rows_lost": "ROWS_GONE",
    "customers_lost": "CUSTOMERS_GONE",
    "cost_zero": "COST_ZERO",
    "locale_suspect": "LOCALE_SUSPECT",
    "rate_turned_over": "RATE_TURNED_OVER",
    "month_incomplete": "MONTH_INCOMPLETE",
    "no_partner": "NO_PARTNER",
}
"""Last part of a check's id -> the code of its message."""


@dataclass(frozen=True, slots=True)
class Check:
    """Which check says something of which table; `name` is the last part of its id."""

    check_id: str
    area: Area
    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks of a delivery work on: an open connection, what is configured, the landing events, and the batches and dates
    behind the version before them (none where nothing was published)."""

    connection: duckdb.DuckDBPyConnection
    sources: SourceMap
    contracts: Mapping[str, Contract]
    reporting: str
    batches: Sequence[LoadedBatch]
    published: frozenset[str] = frozenset()
    published_to: date | None = None

    def active(self, table: str) -> tuple[LoadedBatch, ...]:
        """The events of a table that count, oldest first."""
        return tuple(batch for batch in self.batches if batch.is_active and batch.entry.table == table)

    def own(self, table: str) -> tuple[LoadedBatch, ...]:
        """Those of the table's own source: returned rating sheets come on top and are no newer state of what it delivers."""
        return tuple(batch for batch in self.active(table) if not batch.entry.part)

    def before(self, table: str) -> tuple[str, ...]:
        """The batches of a table behind that version, oldest first; none if they are those that count now."""
        then = tuple(
            dict.fromkeys(
                batch.entry.batch_id
                for batch in self.batches
                if batch.entry.table == table and batch.entry.batch_id in self.published
            )
        )
        return () if set(then) == {batch.entry.batch_id for batch in self.active(table)} else then

    def now(self, table: str) -> tuple[str, ...]:
        """The batches of a table that count, oldest first."""
        return tuple(dict.fromkeys(batch.entry.batch_id for batch in self.active(table)))

    def newest(self, table: str) -> str | None:
        """The newest batch of a table that counts, of its own source where it has one: what a waiver of one batch names."""
        active = self.own(table) or self.active(table)
        return active[-1].entry.batch_id if active else None

    def result(
        self,
        check: Check,
        verdict: tuple[Severity, bool],
        what: str,
        remedy: str,
        *,
        where: str = "",
        observed: str | None = None,
        limit: str | None = None,
        rows: int | None = None,
        amount: Decimal | None = None,
        month: str | None = None,
    ) -> CheckResult:
        """What a check says; `verdict` is its severity and whether it passed."""
        severity, passed = verdict
        return CheckResult(
            check_id=check.check_id,
            area=check.area,
            subject=check.table,
            severity=severity,
            passed=passed,
            what=what,
            where=where or (check.table if month is None else f"{check.table}, {month}"),
            remedy="" if passed else remedy,
            observed=observed,
            limit=limit,
            rows=rows,
            amount=amount,
            batch_id=self.newest(check.table),
            month=month,
            code=CODES[check.name],
        )

    def numbers(self, sql: str) -> tuple[Decimal, ...]:
        """The one row of a query of sums and counts; NULL is 0."""
        (row,) = self.connection.execute(sql).fetchall()
        return tuple(Decimal(0) if value is None else Decimal(value) for value in row)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """All rows of a small result."""
        return self.connection.execute(sql).fetchall()


def rows_of(contract: Contract, batch_ids: Sequence[str], zone: str = "raw") -> str:
    """A SELECT of the rows of these batches, oldest first; of a key that came again the newest."""
    shown = f"select * from {zone}.{identifier(contract.name)} where batch_id in ({literals(batch_ids) or 'null'})"
    if zone != "raw" or not contract.primary_key or len(batch_ids) < 2:
        return shown
    key = ", ".join(identifier(name) for name in contract.primary_key)
    order = " ".join(f"when {literal(each)} then {place}" for place, each in enumerate(batch_ids))
    return f"{shown} qualify row_number() over (partition by {key} order by case batch_id {order} end desc) = 1"


def create_rates(judged: Judged) -> None:
    """The temporary table RATES: currency_code, units (of it per unit of the reporting currency)."""
    batch_ids = judged.now("exchange_rates")
    rates = rows_of(judged.contracts["exchange_rates"], batch_ids) if batch_ids else ""
    own = f"select {literal(judged.reporting)} as currency_code, 1::double as units"
    delivered = (
        f"select currency_code, median(units_per_reporting_currency::double) as units from ({rates}) "
        f"where units_per_reporting_currency > 0 and currency_code <> {literal(judged.reporting)} group by currency_code"
    )
    judged.connection.execute(
        f"create or replace temp table {RATES} as {own}{' union all ' + delivered if batch_ids else ''}"
    )


def in_reporting(amount: str) -> str:
    """A sum in the currency of its row, in the reporting currency; `units` is joined from RATES, unknown counts as 1."""
    return f"cast(round(cast({amount} as double) / coalesce(units, 1), 2) as decimal(18, 2))"


def net(prefix: str = "") -> str:
    """A line's net amount in its own currency; a deduction that is not delivered is none."""
    return f"({prefix}gross_list_amount - coalesce({prefix}revenue_deductions, 0))"


def weigh_lines(judged: Judged, name: str, batch_ids: Sequence[str]) -> None:
    """Make the temporary table `name` of the invoice lines of these batches.

    Columns beside its key: line_count; net and net_abs; of the three money columns their absolute sums and what of them has the
    wrong sign for its document (`*_wrong`; deductions and costs have the sign of their line's gross amount); cost_known (absolute
    net of lines with a cost), cost_zero and cost_zero_count (lines of sold goods whose cost is exactly 0). Money in the reporting
    currency.
    """
    has_products = bool(judged.now("products"))
    products = rows_of(judged.contracts["products"], judged.now("products")) if has_products else ""
    services = (
        f"left join (select distinct product_id from ({products}) where is_service) services using (product_id)"
        if has_products
        else ""
    )
    goods = "services.product_id is null and " if has_products else ""
    zero = f"{goods}cogs = 0 and {net()} <> 0 and coalesce(quantity, 1) <> 0"
    sums = {
        "net": net(),
        "net_abs": f"abs({net()})",
        "gross": "abs(gross_list_amount)",
        "invoices_wrong": "abs(gross_list_amount)|doc_type = 'invoice' and gross_list_amount < 0",
        "credit_notes": "abs(gross_list_amount)|doc_type = 'credit_note'",
        "credit_notes_wrong": "abs(gross_list_amount)|doc_type = 'credit_note' and gross_list_amount > 0",
        "deductions": "abs(revenue_deductions)",
        "deductions_wrong": "abs(revenue_deductions)|sign(revenue_deductions) * sign(gross_list_amount) = -1",
        "costs": "abs(cogs)",
        "costs_wrong": "abs(cogs)|sign(cogs) * sign(gross_list_amount) = -1",
        "cost_known": f"abs({net()})|cogs is not null",
        "cost_zero": f"abs({net()})|{zero}",
    }
    exact = []
    for column, said in sums.items():
        amount, _, condition = said.partition("|")
        exact.append(f"sum({amount}){f' filter (where {condition})' if condition else ''} as {column}")
    shown = ", ".join(f"{in_reporting(f'coalesce({column}, 0)')} as {column}" for column in sums)
    judged.connection.execute(
        f"""create or replace temp table {name} as
        with grouped as (
            select date_trunc('month', posting_date)::date as month_start, company_id, customer_id, currency_code,
                count(*) as line_count, count(*) filter (where {zero}) as cost_zero_count, max(posting_date) as last_day, {", ".join(exact)}
            from ({rows_of(judged.contracts["invoice_lines"], batch_ids)}) {services}
            group by all
        )
        select month_start, company_id, customer_id, currency_code, line_count, cost_zero_count, last_day, {shown}
        from grouped left join {RATES} using (currency_code)"""
    )


def known_customers(judged: Judged) -> str:
    """A SELECT of the customer_id that a delivery of customers, or of their former numbers, names."""
    known = [f"select customer_id from ({rows_of(judged.contracts['customers'], judged.now('customers'))})"]
    if changes := judged.now("customer_id_changes"):
        known.append(f"select old_customer_id from ({rows_of(judged.contracts['customer_id_changes'], changes)})")
    return " union ".join(known)


def share(part: Decimal, whole: Decimal) -> Decimal:
    """`part` of `whole`, six digits; 0 of nothing, all of a part without a whole."""
    if part == 0:
        return Decimal(0)
    return Decimal(1) if whole <= 0 else (part / whole).quantize(Decimal("0.000001"))


def percent(value: Decimal) -> str:
    """A share for people: 0.0521 -> "5.2 %"; never 0.0 of something."""
    shown = (value * 100).quantize(Decimal("0.1"))
    return f"{shown} %" if shown or not value else "less than 0.1 %"


def listed(names: Collection[str], most: int = 3) -> str:
    """A few names, and how many more."""
    some = sorted(names)[:most]
    return ", ".join(some) + (f" and {len(names) - len(some)} more" if len(names) > len(some) else "")
