"""How much of a delivery is missing or contradicts itself, in rows and in money, against the limits of sources.yml.

Belongs here: those shares, and what is red whatever it weighs. Not here: what lines weigh (weighing), a comparison with what was
delivered before (before), doubts that stop nothing (plausibility).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from data_quality.rules import ENOUGH
from data_quality.weighing import (
    NOW,
    Check,
    Judged,
    in_reporting,
    known_customers,
    listed,
    net,
    percent,
    rows_of,
    share,
)
from pipelines.checks import CheckResult, Severity
from pipelines.landing.ledger import LedgerEntry
from pipelines.quoting import identifier
from pipelines.settings.sources import Limit

SIGN_SHARE: Final = Decimal("0.01")
"""From above this share of its amount a money column whose sign contradicts its documents is red ..."""
SIGN_WEIGHT: Final = Decimal("0.001")
"""... unless it is less than this share of all revenue: then it is said."""
_REMEDIES: Final[Mapping[str, str]] = {
    "quarantined": "correct the rows in the source and deliver again, or correct them in a sheet and replay them "
    "(`kundenwert quarantine export`)",
    "lost_in_mapping": "look for lines without a partner in the mapping's joins: a `left join` keeps them",
    "filtered": "check `where` of the mapping: an empty cell is neither equal nor unequal to anything",
    "unknown_customers": "deliver customers completely, and ids as text, never through a spreadsheet",
}


def limited(limit: Limit, *shares: Decimal) -> tuple[Severity, bool, str | None]:
    """(severity, passed, the limit that was passed or met, for people) of the largest share."""
    worst = max(shares)
    if limit.red is not None and worst > limit.red:
        return "critical", False, percent(limit.red)
    if limit.warn is not None and worst >= limit.warn and worst > 0:
        return "warning", False, percent(limit.warn)
    return "warning", True, None if limit.red is None else percent(limit.red)


def weight_results(judged: Judged) -> Iterator[CheckResult]:
    """The shares of every delivered table, and the signs of the invoice lines. NOW is made."""
    for table in judged.contracts:
        if judged.active(table):
            yield from _quarantined(judged, table)
            yield from _left_out(judged, table)
    if judged.active("invoice_lines"):
        yield from _unknown_customers(judged)
        yield from _signs(judged)


def _result(
    judged: Judged,
    table: str,
    name: str,
    subject_of_shares: str,
    *,
    rows: tuple[int, int],
    money: tuple[Decimal, Decimal] | None,
    why: str = "",
) -> CheckResult:
    by_rows = share(Decimal(rows[0]), Decimal(rows[1]))
    by_money = share(*money) if money is not None else Decimal(0)
    own = judged.sources.limit(table, name)
    severity, passed, limit = limited(own, by_rows, by_money)
    if severity == "critical" and rows[1] < ENOUGH and limited(own, by_money)[0] != "critical":
        # One of three rows is a third of them and says little.
        severity = "warning"
    weight = f"{rows[0]} of {rows[1]} rows ({percent(by_rows)})"
    if money is not None:
        weight += f", {money[0]} {judged.reporting} ({percent(by_money)} of {'revenue' if table in _BY_REVENUE else 'the amount'})"
    return judged.result(
        Check(check_id=f"weight.{table}.{name}", area="weight", table=table, name=name),
        (severity, passed),
        f"{subject_of_shares}: {weight}",
        why + _REMEDIES[name],
        observed=percent(max(by_rows, by_money)),
        limit=limit,
        rows=rows[0],
        amount=money[0] if money is not None else None,
    )


_BY_REVENUE: Final = ("invoice_lines", "customers")


def _quarantined(judged: Judged, table: str) -> Iterator[CheckResult]:
    entries = [batch.entry for batch in judged.active(table)]
    # Of identical rows one stays: nothing is missing.
    set_aside = sum(entry.rows_quarantined - entry.rows_duplicate_exact for entry in entries)
    accepted = sum(entry.rows_accepted for entry in entries)
    rows = (set_aside, accepted + set_aside)
    money = _quarantined_money(judged, table) if set_aside else None
    what = f"rows of {table} are set aside in quarantine"
    yield _result(judged, table, "quarantined", what, rows=rows, money=money, why=_why(entries))


def _why(entries: Sequence[LedgerEntry]) -> str:
    """The reason that sets most rows aside, with landing's own next step; "" if none is told."""
    told = [each for entry in entries for each in entry.findings if each.problem.code in entry.quarantined_by_reason]
    if not told:
        return ""
    most = max(told, key=lambda each: each.rows or 0)
    return f"mostly {most.problem.code} ({most.problem.where}): {most.problem.remedy}; else "


def _quarantined_money(judged: Judged, table: str) -> tuple[Decimal, Decimal] | None:
    contract = judged.contracts[table]
    rejected = f"({rows_of(contract, judged.now(table), 'quarantine')}) where quarantine_reason <> 'DUP_EXACT'"
    if table == "customers":
        if not judged.active("invoice_lines"):
            return None
        lost = f"select distinct customer_id from {rejected} and customer_id not in ({known_customers(judged)})"
        part, whole = judged.numbers(
            f"select sum(net_abs) filter (where customer_id in ({lost})), sum(net_abs) from {NOW}"
        )
        return part, whole
    if table == "invoice_lines":
        amounts = f"select currency_code, sum(abs({net()})) as amount from {rejected} group by currency_code"
        (part,) = judged.numbers(
            f"select sum({in_reporting('amount')}) from ({amounts}) left join median_rates using (currency_code)"
        )
        (accepted,) = judged.numbers(f"select sum(net_abs) from {NOW}")
        return part, accepted + part
    columns = [column.load_name for column in contract.money_columns if column.required]
    if not columns:
        return None
    amount = f"sum(abs({identifier(columns[0])}))"
    (part,) = judged.numbers(f"select {amount} from {rejected}")
    (accepted,) = judged.numbers(f"select {amount} from ({rows_of(contract, judged.now(table))})")
    return part, accepted + part


def _left_out(judged: Judged, table: str) -> Iterator[CheckResult]:
    entries = [batch.entry for batch in judged.active(table)]
    delivered = sum(entry.rows_in for entry in entries)
    for name, what, count, kind in (
        (
            "lost_in_mapping",
            f"delivered rows of {table} do not come out of its mapping",
            "rows_lost_in_mapping",
            "lost_in_mapping",
        ),
        ("filtered", f"`where` leaves out rows of {table}", "rows_filtered", "filtered"),
    ):
        # What nobody can tell is said by landing (MAPPING_UNSEEN).
        left_out = sum(getattr(entry, count) or 0 for entry in entries)
        money = None
        if left_out and table == "invoice_lines":
            part = Decimal(0)
            for entry in entries:
                sums = {column: getattr(amounts, kind) or Decimal(0) for column, amounts in entry.amounts.items()}
                part += abs(sums.get("gross_list_amount", Decimal(0)) - sums.get("revenue_deductions", Decimal(0)))
            (accepted,) = judged.numbers(f"select sum(net_abs) from {NOW}")
            money = (part, accepted + part)
        yield _result(judged, table, name, what, rows=(left_out, delivered), money=money)


def _unknown_customers(judged: Judged) -> Iterator[CheckResult]:
    if not judged.active("customers"):
        return
    rows, all_rows, part, whole = judged.numbers(
        f"""with known as ({known_customers(judged)})
        select sum(line_count) filter (where customer_id not in (from known)), sum(line_count),
            sum(net_abs) filter (where customer_id not in (from known)), sum(net_abs) from {NOW}"""
    )
    what = "lines are of customers that no delivery of customers names" + why_unknown(judged)
    yield _result(
        judged, "invoice_lines", "unknown_customers", what, rows=(int(rows), int(all_rows)), money=(part, whole)
    )


def why_unknown(judged: Judged) -> str:
    """Why ids of invoice lines meet no customer, where it can be seen; "" if it cannot."""
    found = judged.rows(
        f"""with known as ({known_customers(judged)}),
        bare as (select distinct ltrim(customer_id, '0') as id from known),
        unknown as (
            select customer_id, sum(net_abs) as amount,
                case
                    when regexp_full_match(customer_id, '[0-9]([.,][0-9]+)?[eE][+]?[0-9]+') then 'scientific'
                    when regexp_full_match(customer_id, '[0-9]+[.,]0+') then 'decimals'
                    when ltrim(customer_id, '0') in (from bare) then 'zeros'
                end as why
            from {NOW} where customer_id not in (from known) group by customer_id
        )
        select why, count(*), sum(amount), min(customer_id) from unknown where why is not null group by why order by why"""
    )
    words = {
        "scientific": "in scientific notation: a spreadsheet has damaged them",
        "decimals": "written with decimals: a spreadsheet or a program took them for numbers",
        "zeros": "that differ from a customer's only by leading zeros: something took them for numbers",
    }
    said = [
        f"{count} ids {words[str(why)]} ({example}; {amount} {judged.reporting})"
        for why, count, amount, example in found
    ]
    return f"; {'; '.join(said)}" if said else ""


def _signs(judged: Judged) -> Iterator[CheckResult]:
    """Deductions and costs have the sign of their line, invoices are positive, credit notes negative; small exceptions are said."""
    (
        gross,
        invoices_wrong,
        credit_notes,
        credit_notes_wrong,
        deductions,
        deductions_wrong,
        costs,
        costs_wrong,
    ) = judged.numbers(
        f"""select sum(gross), sum(invoices_wrong), sum(credit_notes), sum(credit_notes_wrong), sum(deductions), sum(deductions_wrong),
        sum(costs), sum(costs_wrong) from {NOW}"""
    )
    if share(invoices_wrong, gross) > SIGN_SHARE:
        # A discount in a line of its own is fine: an invoice as a whole must not be negative.
        invoices_wrong = _negative_invoices(judged)
    for name, column, part, whole, what, remedy in (
        (
            "deductions_sign",
            "revenue_deductions",
            deductions_wrong,
            deductions,
            "deductions have the sign that adds them to revenue instead of taking them off",
            "deductions are delivered positive on invoices and negative on credit notes: turn the sign in the mapping",
        ),
        (
            "costs_sign",
            "cogs",
            costs_wrong,
            costs,
            "costs of goods have the sign that adds them to the margin",
            "costs are delivered positive on invoices and negative on credit notes: turn the sign in the mapping",
        ),
        (
            "credit_notes_sign",
            "gross_list_amount",
            credit_notes_wrong,
            credit_notes,
            "credit notes are positive: they add revenue instead of taking it back",
            "credit notes are delivered as negative amounts: turn their sign in the mapping",
        ),
        (
            "invoices_sign",
            "gross_list_amount",
            invoices_wrong,
            gross,
            "invoices are negative",
            "check the value map of doc_type: negative documents are usually credit notes",
        ),
    ):
        weight = share(part, whole)
        is_heavy = share(part, gross) >= SIGN_WEIGHT
        severity: Severity = "critical" if weight > SIGN_SHARE and is_heavy else "warning"
        yield judged.result(
            Check(check_id=f"weight.invoice_lines.{name}", area="weight", table="invoice_lines", name=name),
            (severity, part == 0),
            f"{what}: {part} {judged.reporting}, {percent(weight)} of the column's amount",
            remedy,
            where=f"invoice_lines.{column}",
            observed=percent(weight),
            limit=percent(SIGN_SHARE),
            amount=part,
        )


def _negative_invoices(judged: Judged) -> Decimal:
    lines = rows_of(judged.contracts["invoice_lines"], judged.now("invoice_lines"))
    (found,) = judged.numbers(
        f"""with documents as (
            select currency_code, sum(gross_list_amount) as amount from ({lines}) where doc_type = 'invoice'
            group by company_id, invoice_id, currency_code
        ), summed as (select currency_code, -sum(amount) as amount from documents where amount < 0 group by currency_code)
        select sum({in_reporting("amount")}) from summed left join median_rates using (currency_code)"""
    )
    return found


__all__ = ["limited", "listed", "weight_results", "why_unknown"]
