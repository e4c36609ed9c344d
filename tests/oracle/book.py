"""Every delivered amount once in reporting currency, indexed by delivered customer or account id and month.

Belongs here: currency (METHOD 1.2), rounding once per source line, indexes. Nothing here depends on an as-of date.
Does not belong here: roll-up to parents, windows.

Readings:
- The rate date's rate is the last one on or before it, at most fx_max_age_days old (inclusive). Without one the row
  is listed in `fx_missing` and counts nowhere (a problem of the as-of dates from its rate date on; publication is
  blocked anyway).
- gross, deductions and cogs are rounded separately; net revenue is their difference.
- local_net_amount is in local_currency_code, else in the reporting currency. One in the line's own currency implies no rate: what
  it differs from the line's net is deducted. In another currency its implied rate is (gross - deductions) / local_net_amount;
  gross and cogs are divided by it, in cents, and deductions are what is left to the booked net; where that currency is not the
  reporting currency, each is converted once more by its rate of the day. Where the implied rate is not positive (a net of
  zero, opposite signs) the published rate converts gross and cogs, the
  deductions still take the rest.
- A line of doc_type advance is an advance payment: a line without revenue and cost, its net told beside.
- A line's product group is its own, else its product's; a line with neither belongs to the group None.
- Amounts of quarantined rows count per column as far as amount and rate are known, undated ones beside the months;
  exact duplicates (DUP_EXACT) do not count: the row they repeat was accepted.
- revenue_history is in reporting currency, and its fiscal year is named after the calendar year it ends in.
- An estimate without achievable_share has the default, one without a stage is of effective demand; annual_demand is rounded to cents
  after currency. What was delivered is kept beside it: by that estimates are found to be the same.
- A table is delivered if it has a row. An invoice is an order date where the lines of doc_type invoice posted up to as_of add
  to more than 0, in its own currency; the earliest of them is the day.
- Open items that are credit notes (a negative amount) or disputed are not kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .arithmetic import cents
from .inputs import Company, Row, Settings
from .periods import month_of

AMOUNT_COLUMNS = {"gross_list_amount": "gross_list_revenue", "revenue_deductions": "revenue_deductions", "cogs": "cogs"}
COST_GROUPS = {"marketing": "marketing", "service_logistics": "service_logistics"}


class Item(NamedTuple):
    """An open item: cents, due, cleared or None."""

    amount: int
    due: date
    cleared: date | None


class Estimate(NamedTuple):
    """One estimate of a customer's demand for a product group."""

    valid_from: date
    recorded_at: datetime
    stage: str
    has_stage: bool
    demand: int
    share: Fraction
    delivered: tuple[Decimal, str]


class Rating(NamedTuple):
    """One rating; a level of None is a chosen "unknown"."""

    valid_from: date
    recorded_at: datetime
    level: int | None
    is_customer: bool


class MissingRate(NamedTuple):
    """A row that cannot be converted."""

    table: str
    currency_code: str
    rate_date: date


@dataclass(frozen=True)
class LineAmounts:
    """One line in cents."""

    gross: int
    deductions: int
    cogs: int


class Rates:
    """Exchange rates: units of a currency per reporting currency."""

    def __init__(self, rows: list[Row], reporting_currency: str, max_age_days: int) -> None:
        self._reporting_currency = reporting_currency
        self._max_age_days = max_age_days
        by_currency: dict[str, dict[date, Fraction]] = defaultdict(dict)
        for row in rows:
            by_currency[row["currency_code"]][row["rate_date"]] = Fraction(row["units_per_reporting_currency"])
        self._rates = {currency: sorted(rates.items()) for currency, rates in by_currency.items()}

    def on(self, currency_code: str, day: date) -> Fraction | None:
        """The rate of a day, or None where it is missing or too old."""
        if currency_code == self._reporting_currency:
            return Fraction(1)
        rates = self._rates.get(currency_code, [])
        position = bisect_right(rates, day, key=lambda entry: entry[0])
        if position == 0 or (day - rates[position - 1][0]).days > self._max_age_days:
            return None
        return rates[position - 1][1]


def line_amounts(row: Row, rate: Fraction | None, local_rate: Fraction | None = Fraction(1)) -> LineAmounts | None:
    """A line's three amounts in cents of the reporting currency; None where no rate is known. `local_rate`: of the currency the net is
    booked in."""
    local_net: Decimal | None = row.get("local_net_amount")
    is_abroad = row["currency_code"] != row.get("local_currency_code")
    net = Fraction(row["gross_list_amount"]) - Fraction(row["revenue_deductions"])
    cost = row["cogs"] or Decimal(0)
    if local_net is None:
        if rate is None:
            return None
        gross, cogs = cents(row["gross_list_amount"], rate), cents(cost, rate)
        return LineAmounts(gross, cents(row["revenue_deductions"], rate), cogs)
    if is_abroad and local_net and net / Fraction(local_net) > 0:
        implied = net / Fraction(local_net)
        if local_rate is None:
            return None
        # Cents of the local currency first, then each of them once more.
        gross, cogs = (
            cents(Decimal(cents(amount, implied)).scaleb(-2), local_rate) for amount in (row["gross_list_amount"], cost)
        )
    elif rate is None or local_rate is None:
        return None
    else:
        gross, cogs = cents(row["gross_list_amount"], rate), cents(cost, rate)
    return LineAmounts(gross, gross - cents(local_net, local_rate), cogs)


def _month(row: Row) -> int | None:
    day = row.get("posting_date")
    return None if day is None else month_of(day)


class Book:
    """The company's amounts by delivered id; see the attributes' types for the indexes."""

    def __init__(self, company: Company, settings: Settings) -> None:
        parameters = settings.parameters
        self.rates = Rates(company.exchange_rates, parameters["reporting_currency"], parameters["fx_max_age_days"])
        self.reporting_currency: str = parameters["reporting_currency"]
        self.default_share = Fraction(parameters["default_achievable_share"])
        self.fx_missing: list[MissingRate] = []
        self.product_groups = {row["product_id"]: row["product_group"] for row in company.products}
        # product group -> the first day it was on a line; None: it stands in the catalogue
        self.offered_groups: dict[str, date | None] = dict.fromkeys(self.product_groups.values())
        # customer id -> month -> product group -> [gross, deductions, cogs]
        self.lines: dict[str, dict[int, dict[str | None, list[int]]]] = defaultdict(lambda: defaultdict(dict))
        # customer id -> month -> product group -> [cogs, net] of the lines that have a cost of goods
        self.with_cogs: dict[str, dict[int, dict[str | None, list[int]]]] = defaultdict(lambda: defaultdict(dict))
        # customer id -> month -> (product group, net) of each line that should have one
        self.without_cogs: dict[str, dict[int, list[tuple[str | None, int]]]] = defaultdict(lambda: defaultdict(list))
        self.has_cogs = any(row["cogs"] is not None for row in company.invoice_lines)
        self.cost_types = {row["cost_type"] for row in company.direct_costs}
        self.first_posting: dict[str, date] = {}
        self.invoices: dict[str, dict[tuple[str, str], date]] = defaultdict(dict)
        # customer id (None: no cost centre) -> month -> cost type -> cents
        self.costs: dict[str | None, dict[int, dict[str, int]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(int))
        )
        # month (None: undated) -> account group -> cents
        self.quarantined: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        # (month, account group) of quarantined rows whose amount cannot be read
        self.unread: set[tuple[int | None, str]] = set()
        self.items: dict[str, list[Item]] = defaultdict(list)
        self.order_basis = "orders" if company.orders else "invoices"
        self.orders: dict[str, list[date]] = defaultdict(list)
        # customer id -> (company id, invoice id) -> (posting date, net amount as delivered) of each line of doc_type invoice
        self.invoice_lines: dict[str, dict[tuple[str, str], list[tuple[date, Decimal]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.has_activities = bool(company.activities)
        # month -> net cents of advance payments: no revenue
        self.advances: dict[int, int] = defaultdict(int)
        self.fiscal_year_start: int = parameters.get("fiscal_year_start", 1)
        self.history: dict[str, dict[int, int]] = defaultdict(dict)
        # account id -> product group -> estimates; account id -> criterion -> rater -> ratings
        self.estimates: dict[str, dict[str, list[Estimate]]] = defaultdict(lambda: defaultdict(list))
        self.ratings: dict[str, dict[str, dict[str, list[Rating]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        self._read_lines(company.invoice_lines)
        self._read_costs(company.direct_costs)
        self._read_quarantined(company)
        self._read_items(company.open_items)
        for row in company.orders:
            self.orders[row["customer_id"]].append(row["order_date"])
        for row in company.revenue_history:
            self.history[row["customer_id"]][row["fiscal_year"]] = cents(row["net_revenue"])
        self._read_estimates(company.potential_estimates)
        for row in company.ratings:
            rating = Rating(row["valid_from"], row["recorded_at"], row["level"], row.get("rated_by") == "customer")
            self.ratings[row["account_id"]][row["criterion_id"]][row["rater_key"]].append(rating)
        self.first_month = min((month_of(day) for day in self.first_posting.values()), default=None)

    def order_days(self, customer_id: str, as_of: date) -> set[date]:
        """The order dates of a customer id up to as_of."""
        if self.order_basis == "orders":
            return {day for day in self.orders.get(customer_id, ()) if day <= as_of}
        found = set()
        for lines in self.invoice_lines.get(customer_id, {}).values():
            posted = [(day, net) for day, net in lines if day <= as_of]
            if sum(net for _, net in posted) > 0:
                found.add(min(day for day, _ in posted))
        return found

    def all_order_days(self, as_of: date) -> dict[str, set[date]]:
        """The order dates of every customer id up to as_of."""
        ids = self.orders if self.order_basis == "orders" else self.invoice_lines
        return {one: self.order_days(one, as_of) for one in list(ids)}

    def _rate(self, table: str, row: Row, day: date) -> Fraction | None:
        rate = self.rates.on(row["currency_code"], day)
        if rate is None:
            self.fx_missing.append(MissingRate(table, row["currency_code"], day))
        return rate

    def _read_lines(self, rows: list[Row]) -> None:
        for row in rows:
            customer_id, day = row["customer_id"], row["posting_date"]
            has_own_rate = row.get("local_net_amount") is not None
            rate = self.rates.on(row["currency_code"], day)
            local = row.get("local_currency_code") or self.reporting_currency
            local_rate = self.rates.on(local, day)
            amounts = line_amounts({**row, "local_currency_code": local}, rate, local_rate)
            if amounts is None:
                missing = row["currency_code"] if local_rate is not None else local
                self.fx_missing.append(MissingRate("invoice_lines", missing, day))
                continue
            is_advance = row["doc_type"] == "advance"
            if is_advance:
                self.advances[month_of(day)] += amounts.gross - amounts.deductions
                amounts = LineAmounts(0, 0, 0)
            assert rate is not None or has_own_rate
            group = row.get("product_group") or self.product_groups.get(row.get("product_id"))
            if group is not None:
                first = self.offered_groups.get(group, day)
                self.offered_groups[group] = None if first is None else min(first, day)
            entry = self.lines[customer_id][month_of(day)].setdefault(group, [0, 0, 0])
            entry[0] += amounts.gross
            entry[1] += amounts.deductions
            entry[2] += amounts.cogs
            net = amounts.gross - amounts.deductions
            if is_advance:
                pass
            elif row["cogs"] is not None:
                known = self.with_cogs[customer_id][month_of(day)].setdefault(group, [0, 0])
                known[0] += amounts.cogs
                known[1] += net
            elif row["doc_type"] != "credit_note":
                self.without_cogs[customer_id][month_of(day)].append((group, net))
            self.first_posting[customer_id] = min(day, self.first_posting.get(customer_id, day))
            if row["doc_type"] == "invoice":
                key = (row["company_id"], row["invoice_id"])
                self.invoices[customer_id][key] = min(day, self.invoices[customer_id].get(key, day))
                net = row["gross_list_amount"] - row["revenue_deductions"]
                self.invoice_lines[customer_id][key].append((day, net))

    def _read_costs(self, rows: list[Row]) -> None:
        for row in rows:
            day = row["posting_date"]
            rate = self._rate("direct_costs", row, day)
            if rate is not None:
                self.costs[row.get("customer_id")][month_of(day)][row["cost_type"]] += cents(row["amount"], rate)

    def _read_quarantined(self, company: Company) -> None:
        for row in company.quarantined_invoice_lines:
            if row["quarantine_reason"] == "DUP_EXACT" or row.get("doc_type") == "advance":
                continue
            rate, month = self._quarantine_rate(row), _month(row)
            known = [row.get(column) is not None for column in AMOUNT_COLUMNS]
            has_net = all(known[:2]) and row.get("currency_code") is not None
            local = row.get("local_currency_code") or self.reporting_currency
            local_rate = self._quarantine_rate({**row, "currency_code": local})
            whole = {**row, "cogs": row.get("cogs") or Decimal(0), "local_currency_code": local}
            complete = line_amounts(whole, rate, local_rate) if has_net else None
            for column, group in AMOUNT_COLUMNS.items():
                if complete is not None and row.get(column) is not None:
                    amount = {"gross_list_amount": complete.gross, "cogs": complete.cogs}.get(
                        column, complete.deductions
                    )
                elif row.get(column) is not None and rate is not None:
                    amount = cents(row[column], rate)
                else:
                    self.unread.add((month, group))
                    continue
                self.quarantined[month][group] += amount
        for row in company.quarantined_direct_costs:
            if row["quarantine_reason"] == "DUP_EXACT":
                continue
            rate, month = self._quarantine_rate(row), _month(row)
            group = COST_GROUPS.get(row.get("cost_type") or "", "unknown")
            if rate is not None and row.get("amount") is not None:
                self.quarantined[month][group] += cents(row["amount"], rate)
            else:
                self.unread.add((month, group))

    def _quarantine_rate(self, row: Row) -> Fraction | None:
        currency, day = row.get("currency_code"), row.get("posting_date")
        if currency is None or (day is None and currency != self.reporting_currency):
            return None
        return self.rates.on(currency, day or date.min)

    def _read_items(self, rows: list[Row]) -> None:
        for row in rows:
            rate = self._rate("open_items", row, row["due_date"])
            if rate is not None and row["amount"] > 0 and not row.get("is_disputed"):
                item = Item(cents(row["amount"], rate), row["due_date"], row.get("cleared_date"))
                self.items[row["customer_id"]].append(item)

    def _read_estimates(self, rows: list[Row]) -> None:
        for row in rows:
            stage = row.get("demand_stage")
            rate = self._rate("potential_estimates", row, row["valid_from"])
            if rate is None:
                continue
            share = row.get("achievable_share")
            estimate = Estimate(
                row["valid_from"],
                row["recorded_at"],
                "effective_demand" if stage is None else stage,
                stage is not None,
                cents(row["annual_demand"], rate),
                self.default_share if share is None else Fraction(share),
                (row["annual_demand"], row["currency_code"]),
            )
            self.estimates[row["account_id"]][row["product_group"]].append(estimate)
