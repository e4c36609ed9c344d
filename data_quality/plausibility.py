"""Doubts about what was delivered, each with its money and one line of what to do: most of them are said and stop nothing.

Belongs here: what looks wrong in one delivery although every row obeys its contract. Not here: shares with a limit (weights), the
delivery before (before), habits of people who enter things (dbt models int_input_quality__*).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from data_quality.currency_sides import bounds
from data_quality.weighing import NOW, RATES, Check, Judged, in_reporting, listed, net, percent, rows_of, share
from pipelines.checks import CheckResult, Severity
from pipelines.quoting import identifier, literal

COST_ZERO_SHARE: Final = Decimal("0.05")
SHIFT: Final = Decimal(8)
"""The middle amount of a month that is so many times the middle of the others, or that part of it, has another decimal sign."""
ENOUGH_LINES: Final = 4
DAYS_SHORT: Final = 7
LEAST_OF_A_MONTH: Final = Decimal("0.5")

_LINKS: Final = (
    # table, its column, the table it speaks of, that table's column, what groups of it have in common
    ("invoice_lines", "customer_id", "customers", "customer_id", "company_id"),
    ("open_items", "customer_id", "customers", "customer_id", "company_id"),
    ("orders", "customer_id", "customers", "customer_id", "channel"),
    ("direct_costs", "customer_id", "customers", "customer_id", "cost_type"),
    ("accounts", "customer_id", "customers", "customer_id", None),
    ("activities", "account_id", "accounts", "account_id", "activity_type"),
    ("opportunities", "account_id", "accounts", "account_id", "stage"),
    ("ratings", "account_id", "accounts", "account_id", "criterion_id"),
    ("contacts", "account_id", "accounts", "account_id", None),
    ("potential_estimates", "account_id", "accounts", "account_id", "product_group"),
    ("ledger_totals", "company_id", "invoice_lines", "company_id", "company_id"),
)


def plausibility_results(judged: Judged) -> Iterator[CheckResult]:
    """Every doubt there is something to look at for. NOW and RATES are made."""
    if judged.active("invoice_lines"):
        yield _cost_zero(judged)
        yield from _shifted_months(judged)
        yield from _last_month(judged)
    if judged.active("exchange_rates"):
        yield from _rates(judged)
    for link in _LINKS:
        yield from _without_partner(judged, *link)


def _check(table: str, name: str) -> Check:
    return Check(check_id=f"plausible.{table}.{name}", area="plausible", table=table, name=name)


def _cost_zero(judged: Judged) -> CheckResult:
    zero, known, lines, all_lines, revenue = judged.numbers(
        f"select sum(cost_zero), sum(cost_known), sum(cost_zero_count), sum(line_count), sum(net_abs) from {NOW}"
    )
    weight = share(zero, revenue)
    customers = judged.rows(
        f"select customer_id from {NOW} group by customer_id having sum(cost_zero) > {COST_ZERO_SHARE} * sum(net_abs) "
        "order by sum(cost_zero) desc, customer_id limit 20"
    )
    passed = weight <= COST_ZERO_SHARE
    all_of_it = "; their margin is exactly 100 %" if zero and zero == known else ""
    names = listed([str(name) for (name,) in customers])
    return judged.result(
        _check("invoice_lines", "cost_zero"),
        ("warning", passed),
        f"{lines} of {all_lines} lines of sold goods cost 0.00, {zero} {judged.reporting} of net revenue ({percent(weight)})"
        f"{all_of_it}: the contribution of customers {names} is too high"
        if not passed
        else "goods that are sold have a cost",
        "value the goods, or leave `cogs` empty where it is not known: then the ratio of the product group stands in",
        where="invoice_lines.cogs",
        observed=percent(weight),
        limit=percent(COST_ZERO_SHARE),
        rows=int(lines),
        amount=zero,
    )


def _shifted_months(judged: Judged) -> Iterator[CheckResult]:
    """A month whose middle amount is 10, 100 or 1000 times that of the others: somebody changed a decimal sign."""
    lines = rows_of(judged.contracts["invoice_lines"], judged.now("invoice_lines"))
    found = judged.rows(
        f"""with months as (
            select date_trunc('month', posting_date)::date as month_start, company_id, currency_code, count(*) as line_count,
                median(abs(gross_list_amount))::decimal(18, 2) as middle, sum(abs({net()})) as amount
            from ({lines}) where gross_list_amount <> 0 group by all having count(*) >= {ENOUGH_LINES}
        ),
        compared as (
            select m.*, (select median(o.middle)::decimal(18, 2) from months o where o.company_id = m.company_id
                and o.currency_code = m.currency_code and o.month_start <> m.month_start) as usual
            from months m
        )
        select strftime(month_start, '%Y-%m'), company_id, currency_code, line_count, middle, usual,
            {in_reporting("amount")}
        from compared left join {RATES} using (currency_code)
        where usual > 0 and (middle >= {SHIFT} * usual or middle * {SHIFT} <= usual) order by 1, 2, 3"""
    )
    for month, company, currency, count, middle, usual, amount in found[:12]:
        quotient = Decimal(str(middle)) / Decimal(str(usual))
        times = quotient if quotient > 1 else 1 / quotient
        # A business may have one large month; it has none that is hundreds of times the others.
        severity: Severity = "critical" if times >= 80 else "warning"
        yield judged.result(
            _check("invoice_lines", "locale_suspect"),
            (severity, False),
            f"the middle amount of a line in {month} is {middle} {currency}, in the other months {usual}: was a decimal or "
            f"thousands sign read as the other?",
            "compare one document of this month with the source; correct `decimal` and `thousands` of the format",
            where=f"invoice_lines, legal entity {company}, {month}",
            observed=format(quotient.quantize(Decimal("0.001")), "f"),
            limit="1",
            rows=int(str(count)),
            amount=Decimal(str(amount)),
            month=str(month),
        )


def _last_month(judged: Judged) -> Iterator[CheckResult]:
    """The last month that was over when it was delivered, against the year before it: its last day of posting, its revenue."""
    delivered = max(judged.sources.day(batch.entry.delivered_at) for batch in judged.active("invoice_lines"))
    found = judged.rows(
        f"""with months as (
            select month_start, max(extract(day from last_day)) as until, sum(net) as net from {NOW}
            where last_day(month_start) < date {literal(delivered.isoformat())} group by month_start
        ),
        newest as (select * from months order by month_start desc limit 1),
        usual as (
            select median(until)::integer as until, median(m.net)::decimal(18, 2) as net, count(*) as n
            from months m where month_start < (select month_start from newest)
                and month_start >= (select month_start - interval 12 months from newest)
        )
        select strftime(newest.month_start, '%Y-%m'), newest.until::integer, newest.net, usual.until, usual.net from newest cross join usual
        where usual.n >= 3 and (newest.until < usual.until - {DAYS_SHORT} or newest.net < {LEAST_OF_A_MONTH} * usual.net)"""
    )
    for month, until, amount, usual_until, usual in found:
        missing = max(Decimal(str(usual)) - Decimal(str(amount)), Decimal(0))
        yield judged.result(
            _check("invoice_lines", "month_incomplete"),
            ("warning", False),
            f"{month} looks incomplete: postings end on day {until} (usually {usual_until}), net revenue is {amount} "
            f"{judged.reporting} (usually {usual})",
            "deliver the rest of the month, or compute the month before: kundenwert run --as-of",
            where=f"invoice_lines, {month}",
            observed=f"day {until}, {amount}",
            limit=f"day {usual_until}, {usual}",
            amount=missing,
            month=str(month),
        )


def _rates(judged: Judged) -> Iterator[CheckResult]:
    """A rate that no currency ever had, or that is the reciprocal of the one before it."""
    contract = judged.contracts["exchange_rates"]
    rates = rows_of(contract, judged.now("exchange_rates"))
    weights = {
        str(currency): (Decimal(str(amount)), int(str(count)))
        for currency, amount, count in (
            judged.rows(f"select currency_code, sum(net_abs), sum(line_count) from {NOW} group by currency_code")
            if judged.active("invoice_lines")
            else []
        )
    }
    for currency, low, high, middle in judged.rows(
        "select currency_code, min(units_per_reporting_currency), max(units_per_reporting_currency), "
        f"median(units_per_reporting_currency)::decimal(18, 6) from ({rates}) group by currency_code order by 1"
    ):
        possible = bounds(str(currency), judged.reporting)
        if possible is None or str(currency) == judged.reporting:
            continue
        least, most = possible[0] / 2, possible[1] * 2
        outside = [Decimal(str(rate)) for rate in (low, high) if not least <= Decimal(str(rate)) <= most]
        inverted = (
            not possible[0] <= Decimal(str(middle)) <= possible[1]
            and possible[0] <= 1 / Decimal(str(middle)) <= possible[1]
        )
        if not outside and not inverted:
            continue
        rate = outside[0] if outside else Decimal(str(middle))
        far = any(value > 10 * most or value * 10 < least for value in outside)
        shape = "is a thousand times off: was a decimal point read as a thousands sign?"
        if not far:
            shape = "is out of all bounds"
        if possible[0] <= 1 / rate <= possible[1]:
            shape = (
                f"is on the wrong side of 1: it is units of {judged.reporting} per {currency}, not the other way round"
            )
        amount, count = weights.get(str(currency), (None, None))
        yield judged.result(
            _check("exchange_rates", "locale_suspect"),
            ("critical" if far or inverted else "warning", False),
            f"the rate {rate.normalize():f} {currency} per {judged.reporting} {shape} (ever seen: {possible[0]:.2f} to "
            f"{possible[1]:.2f}); {amount or 0} {judged.reporting} of net revenue is converted by it",
            "correct `decimal` and `thousands` of the format, or the direction of the rate in the mapping",
            where=f"exchange_rates.units_per_reporting_currency, {currency}",
            observed=f"{rate.normalize():f}",
            limit=f"{possible[0]:.2f} to {possible[1]:.2f}",
            rows=count,
            amount=amount,
        )
    yield from _turned_over(judged, weights)


def _turned_over(judged: Judged, weights: dict[str, tuple[Decimal, int]]) -> Iterator[CheckResult]:
    """A rate that is about 1 divided by the one before it, within the delivery or against the one behind the current version."""
    contract = judged.contracts["exchange_rates"]
    now = rows_of(contract, judged.now("exchange_rates"))
    before = judged.before("exchange_rates")
    history = (
        f"union all select currency_code, date '1900-01-01' as rate_date, median(units_per_reporting_currency) from "
        f"({rows_of(contract, before)}) group by currency_code"
        if before
        else ""
    )
    for currency, days, rate, was in judged.rows(
        f"""with known as (select currency_code, rate_date, units_per_reporting_currency::double as rate from ({now}) {history}),
        steps as (
            select currency_code, rate_date, rate,
                lag(rate) over (partition by currency_code order by rate_date) as was from known where rate > 0
        )
        select currency_code, count(*), arg_min(rate, rate_date)::decimal(18, 6), arg_min(was, rate_date)::decimal(18, 6)
        from steps where abs(rate * was - 1) < 0.03 and abs(rate / was - 1) > 0.04 group by currency_code order by 1"""
    ):
        amount, count = weights.get(str(currency), (None, None))
        yield judged.result(
            _check("exchange_rates", "rate_turned_over"),
            ("warning", False),
            f"the rate of {currency} turns from {Decimal(str(was)).normalize():f} to {Decimal(str(rate)).normalize():f}, 1 divided by it "
            f"({days} times): units per {judged.reporting} and {judged.reporting} per unit are mixed",
            "deliver every rate as units of the currency per unit of the reporting currency",
            where=f"exchange_rates.units_per_reporting_currency, {currency}",
            observed=f"{Decimal(str(rate)).normalize():f}",
            limit=f"{Decimal(str(was)).normalize():f}",
            rows=count,
            amount=amount,
        )


def _without_partner(
    judged: Judged, table: str, column: str, partner: str, partner_column: str, group: str | None
) -> Iterator[CheckResult]:
    """Groups of a table of which not one row meets a row of the table it speaks of, while something there could be met."""
    if table not in judged.contracts or not (judged.active(table) and judged.active(partner)):
        return
    contract = judged.contracts[table]
    rows = rows_of(contract, judged.now(table))
    met = f"select {identifier(partner_column)} from ({rows_of(judged.contracts[partner], judged.now(partner))})"
    named = "null" if group is None else identifier(group)
    money = [each.load_name for each in contract.money_columns if each.required]
    amount = f"sum(abs({identifier(money[0])}))" if money else "null"
    source = f"({rows})"
    if table == "invoice_lines":
        source, amount = NOW, "sum(net_abs)"
        count = "sum(line_count)"
    else:
        count = "count(*)"
    found = judged.rows(
        f"select {named}::varchar, {count}::bigint, {amount}, sum(case when {identifier(column)} in ({met}) then 1 else 0 end)::bigint "
        f"from {source} where {identifier(column)} is not null group by {named} order by 1"
    )
    groups = [(name, rows_, money_) for name, rows_, money_, matched in found if not matched]
    # Where nothing at all of the lines is met, the share of unknown customers says so.
    if not groups or (table == "invoice_lines" and len(groups) == len(found)):
        return
    count_of = sum(int(str(each[1])) for each in groups)
    amounts = [Decimal(str(each[2])) for each in groups if each[2] is not None]
    names = listed([str(each[0]) for each in groups if each[0] is not None])
    which = f"of {group} {names} " if group is not None and len(groups) < len(found) else ""
    yield judged.result(
        _check(table, "no_partner"),
        ("warning", False),
        f"not one row of {table} {which}meets {partner}: {column} and {partner}.{partner_column} are written differently, or {partner} "
        "is not delivered for it",
        f"compare one {column} with {partner}.{partner_column}: leading zeros, prefixes, another system's numbers",
        where=f"{table}.{column}",
        rows=count_of,
        amount=sum(amounts, Decimal(0)) if amounts else None,
    )


__all__ = ["plausibility_results"]
