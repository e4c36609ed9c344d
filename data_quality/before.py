"""What a delivery is against the one behind the current version: revenue of closed months, customers, rows, the unit of amounts.

Belongs here: that comparison, with the limits of sources.yml. Not here: what lines weigh (weighing), what a delivery shows by
itself (weights, plausibility). A month is closed if the current version shows it; nothing is compared where nothing is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from data_quality.rules import ENOUGH
from data_quality.weighing import BEFORE, NOW, Check, Judged, known_customers, net, percent, rows_of, share
from data_quality.weights import limited
from pipelines.checks import CheckResult
from pipelines.contracts import Contract
from pipelines.quoting import constant, identifier

FACTORS: Final = (Decimal(10), Decimal(100), Decimal(1000))
NEAR: Final = Decimal("0.02")
"""A quotient this close to a factor is that factor."""
MONTH_GONE: Final = Decimal("0.5")
"""A closed month that loses more than this share of its revenue is red, however little it is of the whole."""
ENOUGH_LINES: Final = 4
"""A month of fewer lines may repeat itself by chance."""
TWICE: Final = (Decimal("0.9"), Decimal("0.1"))
"""A month is delivered twice if at least this share of its lines comes an even number of times, and at most that share elsewhere."""


def before_results(judged: Judged) -> Iterator[CheckResult]:
    """Every comparison there is something to compare for. NOW is made, and BEFORE where lines were published."""
    lines = bool(judged.active("invoice_lines"))
    if lines:
        yield from _month_twice(judged)
    if judged.published_to is None:
        return
    factored = [result for table in judged.contracts if (result := _factor(judged, table)) is not None]
    yield from factored
    other_unit = {result.subject for result in factored if not result.passed}
    if lines and judged.before("invoice_lines") and "invoice_lines" not in other_unit:
        yield from _revenue(judged)
    for table in judged.contracts:
        if judged.before(table) and judged.active(table):
            yield from _rows_lost(judged, table)
    if judged.before("customers") and judged.active("customers"):
        yield _customers_lost(judged)


def _check(table: str, name: str) -> Check:
    return Check(check_id=f"before.{table}.{name}", area="before", table=table, name=name)


def _closed(judged: Judged) -> str:
    """A SELECT of month_start, now, before (net revenue) and lines of the closed months that had revenue."""
    last = constant(judged.published_to) if judged.published_to is not None else "null"
    return f"""
        with was as (select month_start, sum(net) as net, sum(line_count) as line_count from {BEFORE}
                where month_start <= {last} group by month_start),
            is_now as (select month_start, sum(net) as net, sum(line_count) as line_count from {NOW} group by month_start)
        select was.month_start, coalesce(is_now.net, 0) as now, was.net as before, coalesce(is_now.line_count, 0) as lines_now,
            was.line_count as lines_before
        from was left join is_now using (month_start) where was.net <> 0"""


def _revenue(judged: Judged) -> Iterator[CheckResult]:
    closed = _closed(judged)
    now, before, changed, whole, lines_now, lines_before = judged.numbers(
        f"select sum(now), sum(before), sum(abs(now - before)), sum(abs(before)), sum(lines_now), sum(lines_before) from ({closed})"
    )
    lost = max(before - now, Decimal(0))
    gone = max(lines_before - lines_now, Decimal(0))
    severity, passed, limit = limited(
        judged.sources.limit("invoice_lines", "revenue_lost"), share(lost, whole), share(gone, lines_before)
    )
    yield judged.result(
        _check("invoice_lines", "revenue_lost"),
        (severity, passed),
        f"of months published before, {lost} {judged.reporting} of net revenue ({percent(share(lost, whole))}) and {gone} of "
        f"{lines_before} lines are gone in this delivery: is it half of one?",
        "compare the number of rows with the source and deliver everything again",
        observed=percent(max(share(lost, whole), share(gone, lines_before))),
        limit=limit,
        rows=int(gone),
        amount=lost,
    )
    severity, passed, limit = limited(judged.sources.limit("invoice_lines", "restated"), share(changed, whole))
    yield judged.result(
        _check("invoice_lines", "restated"),
        (severity, passed),
        f"net revenue of months published before has changed by {changed} {judged.reporting} ({percent(share(changed, whole))})",
        "ask accounting whether closed months were really restated by so much",
        observed=percent(share(changed, whole)),
        limit=limit,
        amount=changed,
    )
    # A month of less than a twentieth of an average one was hardly any: an entry dated ahead, which its correction takes back.
    least = f"0.05 * (select avg(abs(before)) from ({closed}))"
    for month, month_now, month_before in judged.rows(
        f"select strftime(month_start, '%Y-%m'), now, before from ({closed}) "
        f"where before >= {least} and now < {1 - MONTH_GONE} * before order by month_start"
    ):
        yield judged.result(
            _check("invoice_lines", "month_gone"),
            ("critical", False),
            f"{month} was published with {month_before} {judged.reporting} of net revenue and has {month_now} now",
            "deliver the lines of this month again",
            observed=f"{month_now}",
            limit=f"{month_before}",
            amount=Decimal(str(month_before)) - Decimal(str(month_now)),
            month=str(month),
        )


def _factor(judged: Judged, table: str) -> CheckResult | None:
    """Whether all amounts of a table are 10, 100 or 1000 times (or that part of) what they were; None without a comparison."""
    contract = judged.contracts[table]
    columns = [column.load_name for column in contract.money_columns if column.required]
    if not columns or not judged.before(table) or not judged.active(table):
        return None
    now, before = judged.numbers(_common(judged, contract, columns[0]))
    if now == 0 or before == 0:
        return None
    quotient = now / before
    factor = next(
        (each for each in FACTORS for value in (quotient, 1 / quotient) if abs(value / each - 1) < NEAR), None
    )
    what = f"amounts of {table} are of the size they were in the delivery before"
    if factor is not None:
        way = f"{factor} times" if quotient > 1 else f"a {factor}th of"
        what = (
            f"all amounts of {table} are {way} what they were in the delivery before ({columns[0]}: {now} instead of {before}): "
            "the unit or the decimal sign has changed"
        )
    return judged.result(
        _check(table, "other_unit"),
        ("critical", factor is None),
        what,
        "compare one document with the source; correct decimal and thousands sign of the format, or the unit of the export",
        observed=format(quotient.quantize(Decimal("0.001")), "f"),
        limit="1",
        amount=abs(now - before) if factor is not None and table == "invoice_lines" else None,
    )


def _common(judged: Judged, contract: Contract, column: str) -> str:
    """A query of the absolute sums of a money column now and before, over what both deliveries hold."""
    if contract.name == "invoice_lines":
        # By month: joining a decade of lines by key would cost more than all other checks.
        return f"""select sum(n.gross), sum(b.gross)
            from (select month_start, sum(gross) as gross from {NOW} group by month_start) n
            join (select month_start, sum(gross) as gross from {BEFORE} group by month_start) b using (month_start)
            where month_start <= {constant(judged.published_to) if judged.published_to else "null"}"""
    now = rows_of(contract, judged.now(contract.name))
    before = rows_of(contract, judged.before(contract.name))
    amount = identifier(column)
    if contract.primary_key:
        key = ", ".join(identifier(name) for name in contract.primary_key)
        return (
            f"select sum(abs(n.{amount})), sum(abs(b.{amount})) from ({now}) n join ({before}) b using ({key}) "
            f"where n.{amount} is not null and b.{amount} is not null"
        )
    until = ""
    if contract.business_date is not None:
        day = identifier(contract.business_date)
        until = f" where {day} <= (select max({day}) from ({before}))"
    return f"select (select sum(abs({amount})) from ({now}){until}), (select sum(abs({amount})) from ({before}))"


def _rows_lost(judged: Judged, table: str) -> Iterator[CheckResult]:
    """A full delivery with fewer rows than the one before; of invoice lines the closed months are compared instead."""
    own = judged.own(table)
    if table == "invoice_lines" or not own or own[-1].entry.mode != "full":
        return
    now = sum(batch.entry.rows_accepted for batch in judged.active(table))
    ids = set(judged.before(table))
    before = sum({b.entry.batch_id: b.entry.rows_accepted for b in judged.batches if b.entry.batch_id in ids}.values())
    lost = max(before - now, 0)
    weight = share(Decimal(lost), Decimal(before))
    severity, passed, limit = limited(judged.sources.limit(table, "rows_lost"), weight)
    severity = "warning" if before < ENOUGH else severity
    yield judged.result(
        _check(table, "rows_lost"),
        (severity, passed),
        f"{table} has {now} rows, the delivery before had {before}",
        "compare the number of rows with the source and deliver everything again",
        observed=percent(weight),
        limit=limit,
        rows=lost,
    )


def _customers_lost(judged: Judged) -> CheckResult:
    """Customers of the delivery before that no delivery names any more; renumbered ones are named."""
    contract = judged.contracts["customers"]
    gone = (
        f"select customer_id from ({rows_of(contract, judged.before('customers'))}) "
        f"where customer_id not in ({known_customers(judged)})"
    )
    lost, before = judged.numbers(
        f"select (select count(*) from ({gone})), (select count(*) from ({rows_of(contract, judged.before('customers'))}))"
    )
    part, whole = Decimal(0), Decimal(0)
    if lost and judged.active("invoice_lines"):
        part, whole = judged.numbers(
            f"select sum(net_abs) filter (where customer_id in ({gone})), sum(net_abs) from {NOW}"
        )
    severity, passed, limit = limited(
        judged.sources.limit("customers", "customers_lost"), share(lost, before), share(part, whole)
    )
    return judged.result(
        _check("customers", "customers_lost"),
        (severity, passed),
        f"{lost} of {before} customers of the delivery before are gone; {part} {judged.reporting} of revenue is theirs",
        "deliver the whole customer master; of merged or renumbered customers deliver customer_id_changes",
        observed=percent(max(share(lost, before), share(part, whole))),
        limit=limit,
        rows=int(lost),
        amount=part,
    )


def _month_twice(judged: Judged) -> Iterator[CheckResult]:
    """Whether one of the last two months came twice under other numbers."""
    lines = rows_of(judged.contracts["invoice_lines"], judged.now("invoice_lines"))
    content = (
        "company_id, customer_id, posting_date, doc_type, product_id, product_group, quantity, currency_code, gross_list_amount, "
        "revenue_deductions, cogs"
    )
    found = judged.rows(
        f"""with recent as (
            select * from ({lines})
            where posting_date >= (select max(month_start) - interval 12 months from {NOW})
        ),
        same as (
            select date_trunc('month', posting_date)::date as month_start, count(*) as n, any_value(abs({net()})) as amount
            from recent group by date_trunc('month', posting_date), {content}
        ),
        months as (
            select month_start, sum(n) as line_count, coalesce(sum(n) filter (where n % 2 = 0), 0) as twice,
                coalesce(sum(n // 2 * amount) filter (where n % 2 = 0), 0) as amount
            from same group by month_start
        ),
        newest as (select month_start from months order by month_start desc limit 2),
        others as (
            select sum(line_count) as line_count, sum(twice) as twice from months m
            where month_start not in (from newest) or twice < {TWICE[0]} * line_count
        )
        select strftime(m.month_start, '%Y-%m'), m.line_count::bigint, m.twice::bigint, m.amount::decimal(18, 2)
        from months m cross join others o
        where m.month_start in (from newest) and m.line_count >= {ENOUGH_LINES} and m.twice >= {TWICE[0]} * m.line_count
            and o.line_count >= {ENOUGH_LINES} and o.twice <= {TWICE[1]} * o.line_count
        order by 1"""
    )
    for month, line_count, twice, amount in found:
        yield judged.result(
            _check("invoice_lines", "month_twice"),
            ("critical", False),
            f"{month} is delivered twice: {twice} of its {line_count} lines come an even number of times under other numbers "
            f"({amount} of net amount too much), in the months before hardly any do",
            "deliver the month once; if two files overlap, remove one of them",
            observed=f"{twice} of {line_count} lines",
            limit="0",
            rows=int(str(twice)) // 2,
            amount=Decimal(str(amount)),
            month=str(month),
        )


__all__ = ["before_results"]
