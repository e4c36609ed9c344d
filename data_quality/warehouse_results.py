"""What the warehouse says about the run as a whole: reconciliation, missing exchange rates, quarantined amounts.

Belongs here: reading those relations into check results, set-based. Not here: computing them (dbt_project), deciding
(gate). Everything takes an open connection, so that one read-only connection serves all.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import duckdb

from pipelines.checks import CheckResult, Severity
from pipelines.contracts import Contract
from pipelines.quoting import literal

RECONCILIATION: Final = "marts.mart_reconciliation"
QUARANTINED_LEDGER: Final = "staging.stg_erp__quarantined_ledger_totals"
_NOTHING_TO_COMPARE: Final = ("not_available", "cost_unknown", "within_year")
_MASTER: Final = "customers"
BOOKED_NETS: Final = "intermediate.int_contribution__booked_nets"
_MANY: Final = Decimal("0.05")
"""From this share of its lines on, a booked amount equal to the line's in another currency is no chance."""
WITHOUT_RATE: Final = "intermediate.int_contribution__amounts_without_rate"


def reconciliation_results(
    connection: duckdb.DuckDBPyConnection, relation: str = RECONCILIATION
) -> tuple[CheckResult, ...]:
    """One result per legal entity, period and account group that does not reconcile, and one for all that do.

    Columns read: company_id, period, account_group, difference, status. Without a ledger (not_available), of a cost that is not
    known (cost_unknown) or in the months of a year that is compared as one (within_year) there is nothing to compare: that is said
    and does not block. A missing or empty relation does.
    """
    try:
        rows = connection.execute(
            f"""
            select company_id, period, account_group, status, cast(difference as decimal(18, 2)) as difference
            from {relation}
            group by all
            order by all
            """
        ).fetchall()
    except duckdb.CatalogException:
        return (_not_reconciled("the reconciliation was not computed", relation),)
    if not rows and not _books(connection):
        return (_nothing_to_reconcile(relation),)
    if not rows:
        return (_not_reconciled("the reconciliation has no row: nothing was booked", relation),)
    results = [_difference(*row) for row in rows if _is_off(row[3], row[4])]
    fine = [row for row in rows if not _is_off(row[3], row[4])]
    compared = sum(row[3] == "reconciled" for row in fine)
    results.append(
        CheckResult(
            check_id="reconciliation.periods",
            area="reconciliation",
            subject=relation.rsplit(".", 1)[-1],
            severity="critical" if compared else "info",
            passed=True,
            what="periods and account groups equal the ledger" if compared else "no ledger to compare with",
            where=relation,
            observed=f"{compared} equal, {len(fine) - compared} without a ledger total, {len(results)} different",
        )
    )
    return tuple(results)


def _books(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the company maps invoice lines; one that does not (leads and accounts of a CRM alone) has nothing to reconcile."""
    try:
        found = connection.execute(
            "select count(*) from control.cost_sources where cost = 'revenue' and not is_mapped"
        ).fetchone()
    except duckdb.CatalogException:
        return True
    return found is None or int(found[0]) == 0


def _nothing_to_reconcile(relation: str) -> CheckResult:
    return CheckResult(
        check_id="reconciliation.periods",
        area="reconciliation",
        subject=relation.rsplit(".", 1)[-1],
        severity="info",
        passed=True,
        what="invoice_lines is not mapped: nothing is booked, so there is nothing to reconcile",
        where=relation,
    )


def quarantined_ledger_results(connection: duckdb.DuckDBPyConnection) -> tuple[CheckResult, ...]:
    """A ledger row that cannot be read may hold any amount: then nothing is reconciled."""
    try:
        found = connection.execute(f"select count(*) from {QUARANTINED_LEDGER}").fetchone()
    except duckdb.CatalogException:
        return (_not_reconciled("the ledger rows in quarantine were not counted", QUARANTINED_LEDGER),)
    rows = 0 if found is None else int(found[0])
    return (
        CheckResult(
            check_id="reconciliation.quarantined",
            area="reconciliation",
            subject="ledger_totals",
            severity="critical",
            passed=rows == 0,
            what="no row of the ledger is in quarantine" if rows == 0 else "rows of the ledger are in quarantine",
            where="quarantine.ledger_totals",
            remedy="" if rows == 0 else "correct these rows in the source and deliver the ledger again",
            observed=str(rows),
            limit="0",
        ),
    )


def _is_off(status: str, difference: Decimal | None) -> bool:
    """The amount decides, not the word alone; a status this gate does not know is no reason to publish."""
    if status in _NOTHING_TO_COMPARE:
        return False
    return status != "reconciled" or difference is None or difference != 0


def _difference(
    company_id: str, period: str, account_group: str, status: str, difference: Decimal | None
) -> CheckResult:
    if status == "undated":
        # Quarantined rows without a readable date; where there is a ledger its own periods show the difference.
        severity: Severity = "warning"
        what = f"amounts of {account_group} have no readable date: they belong to no period"
        remedy = "correct the dates of the quarantined rows in the source and deliver again"
    else:
        severity = "critical"
        what = f"{account_group} of {period} differs from the ledger"
        if status == "blocking_error":
            what = f"{account_group} of {period} is in the ledger both as a year and by the month"
        remedy = (
            "compare customers, unassigned, quarantined and unused capacity in mart_reconciliation with the ledger; "
            "correct the delivery that is wrong and run again"
        )
    return CheckResult(
        check_id="reconciliation.difference",
        area="reconciliation",
        subject="mart_reconciliation",
        severity=severity,
        passed=False,
        what=what,
        where=f"legal entity {company_id}, period {period}, account group {account_group}",
        remedy=remedy,
        observed="unknown" if difference is None else format(difference, "f"),
        limit="0.00",
        amount=difference,
        month=period,
    )


def _not_reconciled(what: str, relation: str) -> CheckResult:
    return CheckResult(
        check_id="reconciliation.computed",
        area="reconciliation",
        subject=relation.rsplit(".", 1)[-1],
        severity="critical",
        passed=False,
        what=what,
        where=relation,
        remedy="see the problems before this one; run again when they are solved",
    )


def fx_results(connection: duckdb.DuckDBPyConnection, relation: str = WITHOUT_RATE) -> tuple[CheckResult, ...]:
    """One result per table and currency without a rate (how many days, rows, and how much in that currency), or one
    that says that every amount has one.

    Which amounts need a rate and lack it is decided by `relation`, one row per table_name, currency_code and needed_on
    with row_count and amount. A missing relation blocks.
    """
    try:
        rows = connection.execute(
            f"""
            select table_name, currency_code, count(distinct needed_on) as days, min(needed_on) as first_day, max(needed_on) as last_day,
                cast(sum(row_count) as bigint) as row_count, cast(sum(amount) as decimal(18, 2)) as amount
            from {relation}
            group by table_name, currency_code
            order by table_name, currency_code
            """
        ).fetchall()
    except duckdb.CatalogException:
        return (_rates_not_computed(relation),)
    results = [
        CheckResult(
            check_id="fx.missing",
            area="fx",
            subject=table,
            severity="critical",
            passed=False,
            what=f"no exchange rate for {currency} on {days} days from {first} to {last}",
            where=f"{table}, {currency}",
            remedy=f"deliver the rates of {currency} for these days in exchange_rates, or raise"
            " currency.max_rate_age_days in config/portfolio.yml",
            observed=f"{days} days",
            limit="0 days",
            rows=count,
            amount=amount,
        )
        for table, currency, days, first, last, count, amount in rows
    ]
    if results:
        return tuple(results)
    what = "every amount in a foreign currency has a rate that is young enough"
    return (
        CheckResult(check_id="fx.missing", area="fx", subject="rates", severity="critical", passed=True, what=what),
    )


def booked_net_results(connection: duckdb.DuckDBPyConnection, relation: str = BOOKED_NETS) -> tuple[CheckResult, ...]:
    """One result per legal entity and pair of currencies whose booked net amounts contradict their lines, or one that says that none
    does.

    Columns read: company_id, currency_code, local_currency_code, is_one_currency, line_count, contradicted_line_count,
    same_number_line_count, amount (reporting currency), file_name, line_number. The booked amount is taken all the same (METHOD 1.2), so
    this warns; it blocks where the booked amounts are the lines' own numbers although the two currencies differ: then they are not in the
    currency the mapping says. A missing relation blocks.
    """
    try:
        rows = connection.execute(
            f"""
            select company_id, currency_code, local_currency_code, is_one_currency, line_count, contradicted_line_count,
                same_number_line_count, amount, file_name, line_number
            from {relation}
            where contradicted_line_count > 0
            order by company_id, currency_code, local_currency_code
            """
        ).fetchall()
    except duckdb.CatalogException:
        return (_rates_not_computed(relation),)
    if not rows:
        what = "booked net amounts agree with their lines and with the published rates"
        return (
            CheckResult(
                check_id="fx.booked_net", area="fx", subject="invoice_lines", severity="warning", passed=True, what=what
            ),
        )
    return tuple(_booked_net(*row) for row in rows)


def _booked_net(
    company_id: str,
    currency: str,
    local: str,
    is_one_currency: bool,
    lines: int,
    contradicted: int,
    same_number: int,
    amount: Decimal,
    file_name: str | None,
    line_number: int | None,
) -> CheckResult:
    is_misread = not is_one_currency and same_number >= _MANY * lines
    if is_one_currency:
        what = f"{contradicted} of {lines} lines in {currency} are booked with another net amount than they have; the booked one counts"
        remedy = (
            "if a discount on the whole document explains it, nothing is to do: it is in the deductions; if not, do not map "
            "local_net_amount"
        )
    elif is_misread:
        what = (
            f"{same_number} of {lines} lines in {currency} have the same number as booked net amount in {local}, and the published "
            f"rate says otherwise: the booked amount is not in {local}"
        )
        remedy = "map local_currency_code, the currency the legal entity books in (a column, or a constant), or leave local_net_amount out"
    else:
        what = (
            f"{contradicted} of {lines} lines in {currency} imply a rate to {local} more than 2 % off the published one; "
            f"the booked amount counts"
        )
        remedy = "compare exchange_rates with the rate the legal entity booked by; check local_currency_code"
    first = "" if file_name is None or line_number is None else f", first {file_name}:{line_number}"
    return CheckResult(
        check_id="fx.booked_net",
        area="fx",
        subject="invoice_lines",
        severity="critical" if is_misread else "warning",
        passed=False,
        what=what,
        where=f"legal entity {company_id}, invoice_lines.local_net_amount{first}",
        remedy=remedy,
        observed=f"{contradicted} lines",
        limit="0 lines",
        rows=contradicted,
        amount=amount,
    )


def _rates_not_computed(relation: str) -> CheckResult:
    return CheckResult(
        check_id="fx.computed",
        area="fx",
        subject=relation.rsplit(".", 1)[-1],
        severity="critical",
        passed=False,
        what="the exchange rates in use were not computed",
        where=relation,
        remedy="see the problems before this one; run again when they are solved",
    )


def quarantine_results(
    connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]
) -> tuple[CheckResult, ...]:
    """One result per table with quarantined rows of unknown amount (a required money column that does not parse).

    Such rows are in no sum, so nobody knows how wrong the totals are: they block. Tables without a required amount have
    no result; exact duplicates carry no amount of their own.
    """
    results = []
    for contract in contracts.values():
        needed = [column.load_name for column in contract.money_columns if column.required]
        if needed:
            count = _unknown_amounts(connection, contract.name, needed)
            results.append(_unknown_amount_result(contract.name, needed, count))
    return tuple(results)


def unreadable_results(connection: duckdb.DuckDBPyConnection) -> tuple[CheckResult, ...]:
    """One result per optional column of the customer master with values that could not be read: whose it is not known of, by revenue.

    Landing weighs rows by their own amount; a customer has none, its weight is the net revenue of its last 12 months.
    """
    rows = connection.execute(
        f"""
        with revenue as (
            select customer_id, sum(net_revenue) as net_revenue
            from marts.fct_customer_contribution
            where month_start > as_of_date - interval 12 months
            group by customer_id
        )
        select unread.column_name, count(*), cast(coalesce(sum(revenue.net_revenue), 0) as decimal(18, 2))
        from quarantine.unreadable_values as unread
        left join revenue on unread.row_key = revenue.customer_id
        where unread.table_name = {literal(_MASTER)} and unread.batch_id in (
            select batch_id from control.load_batches where is_active and table_name = {literal(_MASTER)}
        )
        group by unread.column_name
        order by unread.column_name
        """
    ).fetchall()
    return tuple(
        CheckResult(
            check_id=f"quarantine.{_MASTER}.unreadable",
            area="quarantine",
            subject=_MASTER,
            severity="warning",
            passed=False,
            what=f"{column} of {count} customers could not be read and is not known; net revenue of 12 months of these customers",
            where=f"{_MASTER}.{column}",
            remedy="correct the values or the declared format; what was delivered is in landing/quarantine/unreadable_values",
            observed=f"{count} rows",
            limit="0 rows",
            rows=count,
            amount=amount,
        )
        for column, count, amount in rows
    )


def _unknown_amounts(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> int:
    ((count,),) = connection.execute(
        f"""
        select count(*) from quarantine.{table}
        where ({" or ".join(f"{column} is null" for column in columns)})
            and quarantine_reason <> 'DUP_EXACT'
            and batch_id in (
                select batch_id from control.load_batches where is_active and table_name = {literal(table)}
            )
        """
    ).fetchall()
    return int(count)


def _unknown_amount_result(table: str, columns: list[str], count: int) -> CheckResult:
    passed = count == 0
    return CheckResult(
        check_id=f"quarantine.{table}.amount_unknown",
        area="quarantine",
        subject=table,
        severity="critical",
        passed=passed,
        what=f"quarantined rows of {table} have a readable amount"
        if passed
        else f"{count} quarantined rows of {table}"
        f" have no readable amount ({', '.join(columns)}), so their weight is unknown",
        where=f"quarantine.{table}",
        remedy="" if passed else "correct the amounts in the source and deliver again",
        observed=f"{count} rows",
        limit="0 rows",
        rows=count,
    )
