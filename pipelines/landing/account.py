"""The account of a batch: rows in = accepted + quarantined + filtered, amounts likewise, and what is to be said about
it.

Belongs here: counting and wording. Not here: deciding which rows are accepted (typed.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

import duckdb

from pipelines.contracts import Contract
from pipelines.errors import Problem
from pipelines.landing.advice import Advisor
from pipelines.landing.findings import REMEDIES, Finding, Severity
from pipelines.landing.typed import VALUE
from pipelines.quoting import identifier

_CENT = Decimal("0.01")
_EXAMPLE_LINES = 3
_EXAMPLE_VALUES = 12
_EXAMPLE_LENGTH = 40
_WITH_EXAMPLE = (
    "NUM_FORMAT",
    "NUM_SCALE",
    "NUM_NOT_FINITE",
    "DATE_FORMAT",
    "DATE_INVALID",
    "TYPE",
    "VALUE_NOT_ALLOWED",
)


@dataclass(frozen=True, slots=True)
class Account:
    """Counts of rows; `amounts` maps a money column to its sums (accepted, quarantined) in delivered currencies."""

    rows_in: int
    rows_accepted: int
    rows_quarantined: int
    rows_filtered: int
    rows_duplicate_exact: int
    amounts: Mapping[str, tuple[Decimal, Decimal]]
    by_reason: Mapping[str, int]
    data_from: date | None
    data_to: date | None
    findings: tuple[Finding, ...]


def account_for(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    records: int,
    file_names: str,
    advisor: Advisor | None = None,
) -> Account:
    """The account of the view `marked`, made of `records` delivered records; `advisor` knows what their format could
    declare."""
    money = [column.load_name for column in contract.money_columns]
    sums = [
        f"sum({identifier(name)}) filter (reasons is {condition})"
        for name in money
        for condition in ("null", "not null")
    ]
    business = identifier(contract.business_date) if contract.business_date else "null"
    dates = [f"{extreme}({business}::date) filter (reasons is null)" for extreme in ("min", "max")]
    counts = ["count(*) filter (reasons is null)", "count(*) filter (reasons is not null)"]
    row = connection.execute(f"select {', '.join([*counts, *dates, *sums])} from marked").fetchone()
    if row is None:
        raise RuntimeError("an aggregate without a row")
    accepted, quarantined = int(row[0]), int(row[1])
    amounts = [Decimal(value or 0).quantize(_CENT) for value in row[4:]]
    groups = _groups(connection, contract) if quarantined else []
    by_reason: dict[str, int] = {}
    for group in groups:
        by_reason[group.code] = by_reason.get(group.code, 0) + group.rows
    findings = [group.finding(contract, file_names, advisor) for group in groups]
    if accepted == 0 and quarantined:
        what = f"{contract.name}: not one of {quarantined} rows could be accepted"
        remedy = "look at the reasons that follow; often the format is declared wrongly"
        findings.insert(0, Finding("critical", Problem("NO_ROW_ACCEPTED", what, file_names, remedy), quarantined))
    return Account(
        rows_in=records,
        rows_accepted=accepted,
        rows_quarantined=quarantined,
        rows_filtered=records - accepted - quarantined,
        rows_duplicate_exact=by_reason.get("DUP_EXACT", 0),
        amounts={name: (amounts[2 * i], amounts[2 * i + 1]) for i, name in enumerate(money)},
        by_reason=by_reason,
        data_from=cast("date | None", row[2]),
        data_to=cast("date | None", row[3]),
        findings=tuple(findings),
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Rejected rows that share their first reason and column."""

    code: str
    column: str
    rows: int
    unknown_amounts: int
    amount: Decimal | None
    lines: tuple[str, ...]
    values: tuple[str, ...] = ()
    """A few of the rejected texts."""
    raw: str | None = None
    """The first record."""

    def finding(self, contract: Contract, file_names: str, advisor: Advisor | None) -> Finding:
        """Critical where an amount is unknown: then nobody can say how much is missing."""
        place = f"{contract.name}.{self.column}" if self.column else contract.name
        unknown = f", {self.unknown_amounts} of them of unknown amount" if self.unknown_amounts else ""
        noun = "row was" if self.rows == 1 else "rows were"
        what = f"{place}: {self.rows} {noun} put into quarantine{unknown}"
        where = ", ".join(self.lines) if self.lines else file_names
        where += ", ..." if self.rows > len(self.lines) > 0 else ""
        severity: Severity = "critical" if self.unknown_amounts else "warning"
        remedy = self._remedy(contract, advisor)
        if self.values and self.code in _WITH_EXAMPLE:
            what += f", e.g. '{self.values[0][:_EXAMPLE_LENGTH]}'"
        return Finding(severity, Problem(self.code, what, where, remedy), self.rows, self.amount)

    def _remedy(self, contract: Contract, advisor: Advisor | None) -> str:
        plain = REMEDIES.get(self.code, "")
        if advisor is None:
            return plain
        names = {column.load_name: column for column in contract.columns}
        column = names.get(self.column)
        if self.code in ("NULL_REQUIRED", "FIELD_COUNT") and self.raw and (column is None or column.key):
            return advisor.no_data(self.raw) or plain
        return advisor.remedy(self.code, column, self.values)


def _groups(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[_Group]:
    first = "split_part(reasons, ', ', 1)"
    needed = [identifier(column.load_name) for column in contract.money_columns if column.required]
    unknown = f"count(*) filter ({' or '.join(f'{name} is null' for name in needed)})" if needed else "0"
    amount = f"sum({needed[0]})" if needed else "null::decimal(18,2)"
    places = (
        "list(file_name || ':' || line_number order by file_name, line_number) filter (file_name is not null "
        "and line_number is not null)"
    )
    rows = connection.execute(
        f"select split_part({first}, ':', 1) as code, split_part({first}, ':', 2) as rejected, count(*), {unknown}, "
        f"{amount}, "
        f"list_slice({places}, 1, {_EXAMPLE_LINES}), min({VALUE}, {_EXAMPLE_VALUES}), "
        f"arg_min(raw_text, line_number) from marked where reasons is not null group by code, rejected "
        f"order by code, rejected"
    ).fetchall()
    return [
        _Group(
            str(r[0]),
            str(r[1]),
            int(r[2]),
            int(r[3]),
            None if r[4] is None else Decimal(r[4]).quantize(_CENT),
            tuple(r[5] or ()),
            tuple(dict.fromkeys(r[6] or ())),
            None if r[7] is None else str(r[7]),
        )
        for r in rows
    ]
